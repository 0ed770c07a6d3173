/** The form with which a customer begins. */

import { t, time } from "../lib/i18n.js";
import { Problem } from "../lib/problem.js";
import { useStore } from "../lib/store.js";
import { Field } from "../lib/ui.js";
import { html, useEffect, useRef, useState } from "../vendor/preact.js";
import { person } from "./kept.js";
import { begin, refresh, visit } from "./visit.js";

const LOOK_MS = 5_000;
const OTHER = "\u0000";
const WAITS = new Set(["hold", "divert"]);
const ORDER = ["name", "reach", "subject", "department", "message"];

export function Begin() {
  const { options, notice } = useStore(visit);
  const [form, setForm] = useState({ ...person(), subject: "", department: "", message: "" });
  const [other, setOther] = useState("");
  const [faults, setFaults] = useState({});
  const [problem, setProblem] = useState("");
  const [isBusy, setBusy] = useState(false);
  const place = useRef(null);

  useEffect(() => {
    const first = ORDER.find((name) => faults[name]);
    if (first) place.current.querySelector(`#${first}`)?.focus();
  }, [faults]);

  const chosen = options ? departmentOf(options, form) : undefined;
  const isShut = chosen !== undefined && !chosen.is_open && !WAITS.has(chosen.when_closed);
  useEffect(() => {
    const timer = isShut ? setInterval(refresh, LOOK_MS) : 0; // it may open while he waits
    return () => clearInterval(timer);
  }, [isShut]);

  if (!options) return html`<p class="chat-wait soft" role="status">${t("chat.loading")}</p>`;
  if (options.departments.length === 0) {
    return html`<p class="chat-wait soft" role="status">${t("chat.nobody")}</p>`;
  }
  const set = (name) => (event) => setForm({ ...form, [name]: event.target.value });

  const submit = async (event) => {
    event.preventDefault();
    if (isBusy || isShut) return;
    const said = told(options, form, other);
    const found = missing(options, said);
    setFaults(found);
    setProblem("");
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      await begin(said);
    } catch (error) {
      setBusy(false);
      setFaults(faultsOf(error));
      setProblem(problemOf(error));
      refresh();
    }
  };
  const field = (name, label, children, hint) => html`<${Field}
    id=${name}
    label=${label}
    hint=${hint}
    error=${faults[name] && faultText(name, faults[name])}
    >${children}<//
  >`;

  return html`<form class="chat-begin" ref=${place} onSubmit=${submit} novalidate>
    <div class="chat-lead">
      <h2>${t("chat.begin")}</h2>
      <p class="soft">${t("chat.lead")}</p>
    </div>
    ${notice && html`<p class="notice" role="status">${t(notice)}</p>`}
    <div class="chat-pair">
      ${field(
        "name",
        t("chat.name"),
        (ties) =>
          html`<input ...${ties} name="name" autocomplete="name" required value=${form.name} maxlength=${options.limits.name} onInput=${set("name")} />`,
      )}
      ${field(
        "reach",
        t("chat.reach"),
        (ties) =>
          html`<input ...${ties} name="reach" autocomplete="email" required value=${form.reach} maxlength=${options.limits.reach} onInput=${set("reach")} />`,
      )}
    </div>
    ${subjectField(options, form, other, set, setOther, field)}
    ${departmentField(options, form, set, field)}
    ${field(
      "message",
      t("chat.message"),
      (ties) =>
        html`<textarea ...${ties} name="message" rows="4" required value=${form.message} maxlength=${options.limits.message} onInput=${set("message")}></textarea>`,
    )}
    ${chosen && !chosen.is_open && html`<p class="notice" role="status">${hours(chosen)}</p>`}
    ${problem && html`<p class="notice" data-kind="bad" role="alert">${problem}</p>`}
    <button class="primary chat-go" disabled=${isBusy || isShut}>
      ${isBusy ? t("chat.starting") : t("chat.start")}
    </button>
  </form>`;
}

function subjectField(options, form, other, set, setOther, field) {
  const isRequired = options.required.includes("subject");
  if (options.subjects.length === 0) {
    if (!options.free_subject) return null;
    const label = isRequired ? t("chat.subject") : t("chat.subject.optional");
    return field(
      "subject",
      label,
      (ties) =>
        html`<input ...${ties} name="subject" value=${form.subject} maxlength=${options.limits.subject} onInput=${set("subject")} />`,
    );
  }
  const list = (
    ties,
  ) => html`<select ...${ties} name="subject" value=${form.subject} onChange=${set("subject")}>
      <option value="">${t("chat.choose")}</option>
      ${options.subjects.map(({ name }) => html`<option value=${name}>${name}</option>`)}
      ${options.free_subject && html`<option value=${OTHER}>${t("chat.subject.else")}</option>`}
    </select>
    ${
      form.subject === OTHER &&
      html`<input
        name="other"
        aria-label=${t("chat.subject.own")}
        placeholder=${t("chat.subject.own")}
        value=${other}
        maxlength=${options.limits.subject}
        onInput=${(event) => setOther(event.target.value)}
      />`
    }`;
  return field("subject", isRequired ? t("chat.subject") : t("chat.subject.optional"), list);
}

function departmentField(options, form, set, field) {
  const isLed = options.subjects.some(
    ({ name, department }) => name === form.subject && department,
  );
  if (isLed || options.departments.length < 2) return null;
  const isRequired = options.required.includes("department");
  return field(
    "department",
    isRequired ? t("chat.department") : t("chat.department.optional"),
    (
      ties,
    ) => html`<select ...${ties} name="department" value=${form.department} onChange=${set("department")}>
      <option value="">${isRequired ? t("chat.choose") : t("chat.department.any")}</option>
      ${options.departments.map(
        ({ id, name, is_open }) =>
          html`<option value=${id}>${is_open ? name : t("chat.department.closed", { name })}</option>`,
      )}
    </select>`,
  );
}

/** Where it will go, as far as the form tells. */
function departmentOf({ departments, subjects }, form) {
  const led = subjects.find(({ name }) => name === form.subject)?.department;
  const id = led || form.department || (departments.length === 1 ? departments[0].id : "");
  return departments.find((one) => one.id === id);
}

/** What is sent: a subject's own department is the router's to find. */
function told({ departments, subjects, required }, form, other) {
  const own = { ...form, subject: form.subject === OTHER ? other : form.subject };
  const led = subjects.find(({ name }) => name === form.subject)?.department;
  if (departments.length === 1) own.department = departments[0].id;
  else if (led) own.department = required.includes("department") ? led : "";
  return own;
}

function missing({ required }, form) {
  const needed = ["name", "reach", "message", ...required];
  const empty = needed.filter((name) => !String(form[name] ?? "").trim());
  return Object.fromEntries(empty.map((name) => [name, { code: "required" }]));
}

function faultsOf(error) {
  if (!(error instanceof Problem)) return {};
  return Object.fromEntries(error.errors.map((fault) => [fault.field, fault]));
}

function faultText(name, { code, most }) {
  return name === "reach" && code === "invalid"
    ? t("chat.fault.reach")
    : t(`chat.fault.${code}`, { most });
}

function problemOf(error) {
  if (!(error instanceof Problem)) return t("chat.problem.unreached");
  if (error.kind === "bad-input") return t("chat.problem.fields");
  if (error.kind === "closed") return closedText(error.body.opens_at);
  if (error.kind === "refused") return t("chat.problem.refused");
  if (error.kind === "too-many") return t("chat.problem.busy");
  return t("chat.problem.unreached");
}

function closedText(opensAt) {
  return opensAt ? t("chat.closed.until", { time: time(opensAt) }) : t("chat.closed");
}

function hours({ opens_at: opensAt, when_closed: policy }) {
  if (policy === "hold") {
    return opensAt ? t("chat.held.until", { time: time(opensAt) }) : t("chat.held");
  }
  return policy === "divert" ? t("chat.diverted") : closedText(opensAt);
}
