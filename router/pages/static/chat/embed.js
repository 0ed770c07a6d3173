/**
 * Shows the chat inside another site's page: a button at its corner, and a frame behind it.
 *
 * <script src="https://vez.example.com/chat/embed.js" data-label="Chat" data-lang="en" async></script>
 */
(() => {
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const { label = "Chat", lang = "", color = "#0f5f63" } = script.dataset;
  const isSmall = window.matchMedia("(max-width: 480px)");

  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  const words = document.createElement("span");
  words.textContent = label;
  const news = document.createElement("span");
  news.textContent = "●";
  news.setAttribute("role", "status");
  button.append(words, news);
  let frame = null;
  let isOpen = false;

  const look = (element, style) => Object.assign(element.style, style);
  look(button, {
    position: "fixed",
    right: "16px",
    bottom: "16px",
    zIndex: "2147483646",
    minHeight: "48px",
    padding: "0 20px",
    font: "600 16px/1 system-ui, sans-serif",
    color: "#fff",
    background: color,
    border: "2px solid #fff",
    borderRadius: "24px",
    boxShadow: "0 4px 16px rgb(0 0 0 / 25%)",
    cursor: "pointer",
  });
  look(news, { display: "none", marginLeft: "8px", color: "#ffd54a" });

  function place() {
    if (!frame) return;
    look(frame, {
      display: isOpen ? "block" : "none",
      position: "fixed",
      right: isSmall.matches ? "0" : "16px",
      bottom: "76px",
      zIndex: "2147483646",
      width: isSmall.matches ? "100%" : "400px",
      height: isSmall.matches ? "calc(100% - 76px)" : "min(640px, calc(100% - 92px))",
      border: "0",
      borderRadius: isSmall.matches ? "0" : "12px",
      boxShadow: "0 8px 32px rgb(0 0 0 / 30%)",
      colorScheme: "light dark",
    });
  }

  function made() {
    const url = new URL("/chat", home);
    if (lang) url.searchParams.set("lang", lang);
    const one = document.createElement("iframe");
    one.src = url;
    one.title = label;
    one.allow = "clipboard-write";
    document.body.append(one);
    return one;
  }

  function show(wanted) {
    isOpen = wanted;
    frame ??= made();
    button.setAttribute("aria-expanded", String(isOpen));
    news.style.display = "none";
    place();
    if (isOpen) frame.focus();
  }

  button.addEventListener("click", () => show(!isOpen));
  isSmall.addEventListener("change", place);
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && isOpen) {
      show(false);
      button.focus();
    }
  });
  window.addEventListener("message", ({ source, origin, data }) => {
    if (origin !== home || source !== frame?.contentWindow || data?.vez !== "news" || isOpen)
      return;
    news.style.display = "inline";
    news.setAttribute("aria-label", "1+");
  });
  const attach = () => document.body.append(button);
  if (document.body) attach();
  else document.addEventListener("DOMContentLoaded", attach);
})();
