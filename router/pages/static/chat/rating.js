/** What the customer says of the conversation when it is over. */

import { t } from "../lib/i18n.js";
import { Icon } from "../lib/icons.js";
import { explain, toast } from "../lib/ui.js";
import { html, useState } from "../vendor/preact.js";
import { rate } from "./visit.js";

const STARS = [1, 2, 3, 4, 5];
const EACH = 2;
const COMMENT_MAX = 1_000;

/** Five stars are a score of 10. */
export function Rating({ isGiven }) {
  const [stars, setStars] = useState(0);
  const [comment, setComment] = useState("");
  const [isBusy, setBusy] = useState(false);
  if (isGiven) {
    return html`<p class="chat-thanks" role="status"><${Icon} name="check" /> ${t("chat.thanks")}</p>`;
  }
  const submit = async (event) => {
    event.preventDefault();
    setBusy(true);
    try {
      await rate(stars * EACH, comment);
    } catch (error) {
      toast(explain(error), "bad");
    }
    setBusy(false);
  };
  return html`<form class="chat-rating" onSubmit=${submit}>
    <fieldset>
      <legend>${t("chat.rate")}</legend>
      <div class="chat-stars">
        ${STARS.map(
          (count) => html`<label data-lit=${count <= stars}>
            <input type="radio" name="stars" value=${count} checked=${count === stars} onChange=${() => setStars(count)} />
            <span class="unseen">${t("chat.stars", { count })}</span>
            <${Icon} name="star" />
          </label>`,
        )}
      </div>
    </fieldset>
    ${
      stars > 0 &&
      html`<label class="unseen" for="comment">${t("chat.comment")}</label>
        <textarea id="comment" rows="2" maxlength=${COMMENT_MAX} placeholder=${t("chat.comment")} value=${comment} onInput=${(event) => setComment(event.target.value)}></textarea>
        <button class="primary" disabled=${isBusy}>${t("chat.rate.send")}</button>`
    }
  </form>`;
}
