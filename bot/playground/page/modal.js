/** Modals: the forms a bot opens over the page. */

import { entityOptions } from "./components.js";
import { freshId, h } from "./dom.js";
import { emojiNode } from "./emoji.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { avatar, shownName } from "./people.js";
import { createSelect } from "./select.js";

const MAKERS = { 3: choice, 4: line, 5: choice, 6: choice, 7: choice, 8: choice, 19: upload, 21: radios, 22: checkboxes, 23: checkbox };

/** Open a modal {id, title, custom_id, components}; one at a time. */
export function openModal(modal, session) {
  document.querySelector("dialog.modal")?.close();
  const titleId = freshId("modal-title");
  const parts = modal.components.map((component) => part(component, session));
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const submit = h("button", { class: "button button-primary", type: "submit" }, "Submit");
  const cancel = h("button", { class: "button button-secondary", type: "button", on: { click: () => dialog.close() } }, "Cancel");
  const form = h(
    "form",
    { class: "modal-form", method: "dialog", novalidate: true },
    h("header", { class: "modal-head" }, avatar(session.bot.user, 32), h("div", {}, h("h2", { id: titleId }, modal.title), h("p", { class: "muted" }, `This form goes to ${shownName(session.bot.user)}.`)),
      h("button", { type: "button", class: "icon-button", "aria-label": "Close", on: { click: () => dialog.close() } }, icon("close"))),
    h("div", { class: "modal-body" }, parts.map((one) => one.node)),
    h("footer", { class: "modal-foot" }, problem, h("div", { class: "row" }, cancel, submit)),
  );
  const dialog = h("dialog", { class: "modal", "aria-labelledby": titleId, data: { modal: modal.custom_id } }, form);

  function complain(sentence) {
    problem.textContent = sentence;
    problem.hidden = sentence === "";
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    complain("");
    const wrong = parts.filter((one) => one.check && !one.check());
    if (wrong.length) {
      wrong[0].focus();
      wrong[0].node.scrollIntoView({ block: "nearest" });
      return;
    }
    submit.disabled = true;
    submit.setAttribute("aria-busy", "true");
    try {
      const outcome = await session.submit(modal.id, parts.filter((one) => one.read).map((one) => one.read()));
      if (outcome.state === "failed") complain(`${outcome.error ?? "Something went wrong"}. Your answers are still here: try again.`);
      else dialog.close();
    } catch (error) {
      complain(error.message);
    }
    submit.disabled = false;
    submit.removeAttribute("aria-busy");
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    session.tell("compose");
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  parts.find((one) => one.focus)?.focus();
}

/** One top-level component: {node, check?(), read?(), focus?()}. */
function part(component, session) {
  if (component.type === 10) return { node: h("div", { class: "text" }, markdown(component.content ?? "", session.words())) };
  if (component.type === 1) {
    const inner = component.components[0];
    const made = labelled(inner.label, null, inner, session);
    return { ...made, read: () => ({ type: 1, id: component.id, components: [made.read()] }) };
  }
  if (component.type === 18) {
    const made = labelled(component.label, component.description, component.component, session);
    return { ...made, read: () => ({ type: 18, id: component.id, component: made.read() }) };
  }
  return { node: h("p", { class: "small-print" }, `(a component of type ${component.type}, which this page cannot show)`) };
}

function labelled(label, description, inner, session) {
  const ids = { label: freshId("label"), hint: freshId("hint"), problem: freshId("problem"), field: freshId("field") };
  const make = MAKERS[inner.type];
  if (!make) return { node: h("p", { class: "small-print" }, `(a field of type ${inner.type}, which this page cannot show)`), read: () => ({ type: inner.type, custom_id: inner.custom_id }) };
  const needed = inner.required !== false && inner.type !== 23;
  const made = make(inner, { ids, needed, session, label });
  const problem = h("p", { class: "field-problem", id: ids.problem, role: "alert", hidden: true });
  const name = inner.type === 4 ? h("label", { for: ids.field, id: ids.label }, label ?? "") : h("span", { id: ids.label }, label ?? "");
  const mark = needed ? h("span", { class: "needed", title: "Required" }, " *", h("span", { class: "unseen" }, " required")) : null;
  const head = h("div", { class: "label" }, name, mark, made.count ?? null);
  const node = h("div", { class: "modal-field", data: { field: inner.custom_id } }, head, description ? h("p", { class: "hint", id: ids.hint }, description) : null, made.node, problem);
  const say = (sentence) => {
    problem.textContent = sentence ?? "";
    problem.hidden = !sentence;
    node.classList.toggle("is-wrong", Boolean(sentence));
  };
  node.addEventListener("input", () => say(null));
  return {
    node,
    focus: made.focus,
    check: () => {
      const sentence = made.problem();
      say(sentence);
      return !sentence;
    },
    read: () => ({ type: inner.type, id: inner.id, custom_id: inner.custom_id, ...made.value() }),
  };
}

function line(inner, { ids, needed }) {
  const long = inner.style === 2;
  const low = inner.min_length ?? 0;
  const high = inner.max_length ?? 4000;
  const count = h("span", { class: "count" });
  const input = h(long ? "textarea" : "input", { id: ids.field, class: "input", type: long ? null : "text", rows: long ? 4 : null, maxlength: high, placeholder: inner.placeholder, "aria-required": String(needed), "aria-describedby": `${ids.hint} ${ids.problem}`, autocomplete: "off" });
  input.value = inner.value ?? "";
  const tally = () => {
    count.textContent = high < 4000 || input.value.length > 3500 ? `${input.value.length} / ${high}` : "";
  };
  input.addEventListener("input", tally);
  tally();
  const problem = () => {
    if (needed && !input.value.trim()) return "Please answer this.";
    if (input.value && input.value.length < low) return `At least ${low} characters, please.`;
    return null;
  };
  return { node: input, count, focus: () => input.focus(), problem, value: () => ({ value: input.value }) };
}

function choice(inner, { ids, needed, session }) {
  const options = inner.type === 3 ? (inner.options ?? []) : entityOptions(inner, session);
  const max = inner.max_values ?? 1;
  const min = needed ? Math.max(1, inner.min_values ?? 1) : 0;
  let values = options.filter((option) => option.default).map((option) => option.value);
  const node = createSelect({
    customId: inner.custom_id, placeholder: inner.placeholder || "Make a selection", options, min: 0, max,
    labelledBy: ids.label, emojiNode,
    onCommit: (chosen) => {
      values = chosen;
      node.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  const least = inner.min_values ?? 1;
  const problem = () => {
    if (values.length < min) return min > 1 ? `Choose at least ${min}.` : "Please choose one.";
    if (values.length && values.length < least) return `Choose at least ${least}, or none.`;
    return null;
  };
  return { node, focus: () => node.focus(), problem, value: () => ({ values }) };
}

function radios(inner, { ids, needed }) {
  const name = freshId("radio");
  const items = (inner.options ?? []).map((option) => box("radio", name, option));
  const node = h("div", { class: "choices", role: "radiogroup", "aria-labelledby": ids.label, "aria-describedby": `${ids.hint} ${ids.problem}` }, items.map((item) => item.node));
  const chosen = () => items.find((item) => item.input.checked)?.option.value ?? null;
  return { node, focus: () => (items.find((item) => item.input.checked) ?? items[0])?.input.focus(), problem: () => (needed && chosen() === null ? "Please choose one." : null), value: () => ({ value: chosen() }) };
}

function checkboxes(inner, { ids, needed }) {
  const items = (inner.options ?? []).map((option) => box("checkbox", "", option));
  const max = inner.max_values ?? items.length;
  const least = inner.min_values ?? 1;
  const count = h("span", { class: "count", "aria-live": "polite" });
  const chosen = () => items.filter((item) => item.input.checked).map((item) => item.option.value);
  const tally = () => {
    const full = chosen().length >= max;
    for (const item of items) item.input.disabled = full && !item.input.checked && max > 0;
    count.textContent = max < items.length ? `${chosen().length} of up to ${max}` : "";
  };
  const node = h("div", { class: "choices", role: "group", "aria-labelledby": ids.label, "aria-describedby": `${ids.hint} ${ids.problem}`, on: { change: tally } }, items.map((item) => item.node));
  tally();
  const problem = () => {
    const number = chosen().length;
    const low = needed ? Math.max(1, least) : least;
    if (number < low && (needed || number > 0)) return low === 1 ? "Please choose at least one." : `Choose at least ${low}.`;
    return null;
  };
  return { node, count, focus: () => items[0]?.input.focus(), problem, value: () => ({ values: chosen() }) };
}

function checkbox(inner, { ids, label }) {
  const item = box("checkbox", "", { label, value: "", default: inner.default });
  item.input.setAttribute("aria-labelledby", ids.label);
  item.node.querySelector(".option-label").textContent = "Yes";
  return { node: h("div", { class: "choices" }, item.node), focus: () => item.input.focus(), problem: () => null, value: () => ({ value: item.input.checked }) };
}

function upload(inner, { needed }) {
  const node = h("p", { class: "hint" }, "The playground cannot send files yet.");
  return { node, problem: () => (needed ? "This form needs a file, which the playground cannot send." : null), value: () => ({ values: [] }) };
}

function box(type, name, option) {
  const input = h("input", { type, name, value: option.value, checked: Boolean(option.default) });
  const words = h("span", { class: "option-words" }, h("span", { class: "option-label" }, option.label), option.description ? h("span", { class: "option-hint" }, option.description) : null);
  return { option, input, node: h("label", { class: "choice" }, input, words) };
}
