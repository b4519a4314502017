import { remedy } from "./api.js";
import { ask } from "./chat.js";
import { announce, button, byId, make } from "./dom.js";
import { History } from "./history.js";
import { AnswerView, question } from "./turns.js";

/** The chat: its turns, the composer, and the conversations that this browser keeps. */
export class Conversation {
  #page;
  #history = new History();
  #chat = fresh();
  #running;

  /** `page` has `model()`, `settings()`, `system()` and `answered(model, answer)`. */
  constructor(page) {
    this.#page = page;
    byId("ask").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    byId("prompt").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#submit();
      }
    });
    byId("prompt").addEventListener("input", grow);
    byId("stop").addEventListener("click", () => this.stop());
    byId("clear").addEventListener("click", () => this.start());
    byId("forget-chats").addEventListener("click", () => {
      this.#history.remove(this.#chat.id);
      this.#history.clear();
      this.start();
      announce("All conversations are deleted");
    });
    const last = sessionStorage.getItem("conversation");
    this.#show(this.#history.find(last) ?? fresh());
    if (byId("prompt").offsetParent) byId("prompt").focus({ preventScroll: true });
  }

  /** A new, empty conversation. */
  start() {
    this.stop();
    this.#show(fresh());
    byId("prompt").focus();
    announce("New chat");
  }

  stop() {
    this.#running?.abort();
  }

  /** Asks, in the conversation that is open. */
  async send(prompt) {
    const model = this.#page.model();
    if (this.#running) return announce("An answer is being written: wait, or press Esc");
    if (!model) return this.#tell({ message: "There is no model to ask." }, () => this.send(prompt));
    this.#quiet();
    const chat = this.#chat;
    const turn = { prompt, model };
    chat.turns.push(turn);
    chat.title ||= prompt.slice(0, 60);
    this.#history.keep(chat);
    this.#list();
    this.#draw(turn);
    const view = new AnswerView(model, byId("turns"));
    this.#running = new AbortController();
    busy(true);
    announce(`${model} is answering`);
    down();
    const messages = this.#messages(chat, turn);
    // What has come is kept before the page is left.
    const leave = () => this.stop();
    window.addEventListener("beforeunload", leave);
    try {
      const answer = await ask(
        { model, messages, ...this.#page.settings() },
        { signal: this.#running.signal, onText: (text) => follow(view.text(text)), onReasoning: (text) => follow(view.reasoning(text)) },
      );
      turn.answer = kept(answer);
      view.finish(answer, ...this.#answerActions(turn));
      announce(answer.stopped ? "Stopped" : `Answer: ${answer.text}`);
      if (!answer.stopped) this.#page.answered(model, answer);
    } catch (error) {
      turn.failed = error.message;
      view.fail(error);
      if (chat === this.#chat) {
        byId("prompt").value ||= prompt;
        grow();
        this.#tell(error, () => this.#again(turn));
      }
    } finally {
      this.#running = undefined;
      window.removeEventListener("beforeunload", leave);
      busy(false);
      this.#history.keep(chat);
      this.#list();
      follow();
    }
  }

  #submit() {
    const prompt = byId("prompt").value.trim();
    if (!prompt) {
      announce("Type a question first");
      byId("prompt").focus();
      return;
    }
    if (this.#running) return announce("An answer is being written: wait, or press Esc");
    byId("prompt").value = "";
    grow();
    byId("prompt").focus();
    this.send(prompt);
  }

  /** What was said before, and the question. A turn that failed was never said. */
  #messages(chat, now) {
    const system = this.#page.system();
    const before = chat.turns.filter((turn) => turn !== now && turn.answer?.text);
    return [
      ...(system ? [{ role: "system", content: system }] : []),
      ...before.flatMap((turn) => [{ role: "user", content: turn.prompt }, { role: "assistant", content: turn.answer.text }]),
      { role: "user", content: now.prompt },
    ];
  }

  /** Takes the turn and what follows away, and asks it once more. */
  #again(turn) {
    if (this.#running) return;
    if (byId("prompt").value.trim() === turn.prompt) byId("prompt").value = "";
    this.#cut(turn);
    this.send(turn.prompt);
  }

  #edit(turn) {
    if (this.#running) return;
    this.#cut(turn);
    byId("prompt").value = turn.prompt;
    grow();
    byId("prompt").focus();
  }

  #cut(turn) {
    this.#chat.turns.splice(this.#chat.turns.indexOf(turn));
    this.#show(this.#chat);
  }

  #answerActions(turn) {
    return [button("Regenerate", () => this.#again(turn), { className: "small plain" })];
  }

  #draw(turn) {
    byId("welcome").hidden = true;
    byId("turns").append(question(turn.prompt, button("Edit", () => this.#edit(turn), { className: "small plain" })));
  }

  #show(chat) {
    this.#chat = chat;
    this.#quiet();
    byId("turns").replaceChildren(byId("welcome"));
    byId("welcome").hidden = false;
    for (const turn of chat.turns) {
      this.#draw(turn);
      const view = new AnswerView(turn.answer?.model ?? turn.model, byId("turns"));
      if (turn.answer) view.finish(turn.answer, ...this.#answerActions(turn));
      else view.fail({ message: turn.failed ?? "There is no answer." }, ...this.#answerActions(turn));
    }
    sessionStorage.setItem("conversation", chat.id);
    this.#list();
    if (chat.turns.length > 0) down();
    else byId("turns").scrollTop = 0;
  }

  #list() {
    byId("forget-chats").hidden = this.#history.list().length === 0;
    byId("chat-list").replaceChildren(
      ...this.#history.list().map((chat) => {
        const open = button(chat.title || "Untitled", () => {
          if (chat.id === this.#chat.id) return;
          this.stop();
          this.#show(chat);
        }, { className: "chat", title: chat.title });
        if (chat.id === this.#chat.id) open.setAttribute("aria-current", "true");
        const remove = button("×", () => {
          this.#history.remove(chat.id);
          if (chat.id === this.#chat.id) this.start();
          else this.#list();
        }, { className: "icon", "aria-label": `Delete ${chat.title}` });
        return make("li", {}, open, remove);
      }),
    );
  }

  #tell(error, retry) {
    byId("problem").replaceChildren(
      make("p", {}, make("strong", { textContent: error.message }), ` ${remedy(error)}`),
      button("Try again", retry, { className: "small" }),
      button("×", () => this.#quiet(), { className: "icon", "aria-label": "Dismiss" }),
    );
    byId("problem").hidden = false;
  }

  #quiet() {
    byId("problem").hidden = true;
    byId("problem").replaceChildren();
  }
}

const fresh = () => ({ id: `${Date.now()}-${Math.random().toString(36).slice(2, 8)}`, title: "", turns: [] });

/** What is kept of an answer: all that is shown. */
function kept({ text, reasoning, gateway, finish, route, reason, score, model, timing, firstMs, totalMs, tokens, estimated, tokensPerSecond, stopped }) {
  return { text, reasoning, gateway, finish, route, reason, score, model, timing, firstMs, totalMs, tokens, estimated, tokensPerSecond, stopped };
}

function busy(is) {
  byId("send").disabled = is;
  byId("stop").disabled = !is;
}

/** The prompt is as high as its text, up to a third of the window (style.css). */
function grow() {
  const area = byId("prompt");
  area.style.height = "auto";
  area.style.height = `${area.scrollHeight + 2}px`;
}

// Whether the reader is at the end: asked when they scroll, since to ask at each token would lay the page out once more for it.
let atEnd = true;
let frame = 0;
byId("turns").addEventListener("scroll", () => {
  const turns = byId("turns");
  atEnd = turns.scrollHeight - turns.scrollTop - turns.clientHeight < 120;
}, { passive: true });

/** Sending shows the end, wherever the reader was. */
function down() {
  atEnd = true;
  follow();
}

/** Keeps the newest words in sight with the next frame, unless the reader has scrolled away from them. */
function follow() {
  if (!atEnd || frame) return;
  frame = requestAnimationFrame(() => {
    frame = 0;
    byId("turns").scrollTop = byId("turns").scrollHeight;
  });
}
