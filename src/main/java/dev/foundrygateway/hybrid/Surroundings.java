package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.LoadedModels;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Observer;

/** What every hybrid answer needs of the program around it. */
record Surroundings(ModelFacts facts, LoadedModels loaded, NanoClock clock, Alarms alarms, Observer observer) {}
