/** Who may call: browser origins, Host names, content types. Pure decisions; the edge carries them out. */
@NullMarked
package dev.foundrygateway.access;

import org.jspecify.annotations.NullMarked;
