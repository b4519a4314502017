package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatService;

/**
 * One call for a virtual model, with what was read from it.
 *
 * @param call the client's call
 * @param next where both models' calls go
 * @param model the virtual model it names
 * @param share the share of escalations that it counts against
 * @param asked its prompt and wishes
 */
record HybridCall(Call call, ChatService next, VirtualModel model, Share share, PromptReader asked) {}
