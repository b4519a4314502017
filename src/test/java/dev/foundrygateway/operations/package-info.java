/** What operates the gateway, checked as far as it can be without running it: dashboard, rules, containers, Kubernetes, the operator's manual. */
@NullMarked
package dev.foundrygateway.operations;

import org.jspecify.annotations.NullMarked;
