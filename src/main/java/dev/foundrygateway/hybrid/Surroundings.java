package dev.foundrygateway.hybrid;

import dev.foundrygateway.chat.ModelFacts;
import dev.foundrygateway.chat.NanoClock;
import dev.foundrygateway.chat.Observer;

/** What every hybrid answer needs of the program around it. */
record Surroundings(ModelFacts facts, NanoClock clock, Alarms alarms, Observer observer) {}
