import { byId, make } from "./dom.js";

/** The two or three models that come first: the small one, the large one, and hybrid. */
export function favourites(ids) {
  const plain = ids.filter((id) => !/^hybrid/i.test(id));
  const small = plain.find((id) => /^phi/i.test(id)) ?? plain[0];
  const large = plain.find((id) => /gpt-oss/i.test(id)) ?? plain.find((id) => id !== small);
  return [small, large, ids.find((id) => /^hybrid/i.test(id))].filter((id, index, all) => id && all.indexOf(id) === index);
}

/** The one to begin with: hybrid where both of its models are there, else the small one. */
export function first(ids) {
  const [small, large, hybrid] = favourites(ids);
  return hybrid && /^phi/i.test(small) && /gpt-oss/i.test(large) ? hybrid : (small ?? "");
}

/** The model toggle: buttons for the favourites, and a list of all. */
export class ModelPicker {
  constructor() {
    byId("model").addEventListener("change", () => this.#press());
  }

  /** Offers these models; keeps the choice if it is among them. */
  offer(ids) {
    const chosen = sessionStorage.getItem("model");
    byId("model").replaceChildren(...ids.map((id) => make("option", { value: id, textContent: id })));
    byId("model-buttons").replaceChildren(
      ...favourites(ids).map((id) => {
        const button = make("button", { type: "button", textContent: id, value: id });
        button.addEventListener("click", () => this.choose(id));
        return button;
      }),
    );
    byId("model").parentElement.hidden = ids.length <= favourites(ids).length;
    this.choose(ids.includes(chosen) ? chosen : first(ids));
  }

  choose(id) {
    byId("model").value = id;
    this.#press();
  }

  get chosen() {
    return byId("model").value;
  }

  #press() {
    sessionStorage.setItem("model", this.chosen);
    for (const button of byId("model-buttons").children) button.setAttribute("aria-pressed", String(button.value === this.chosen));
  }
}
