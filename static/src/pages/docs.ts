import "swagger-ui-dist/swagger-ui.css";
import "../theme.css";
import "../styles/docs.css";
import "./topbar";
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";

/** Swagger UI has a dark dress of its own, behind a class. */
function dress(): void {
  const root = document.documentElement;
  root.classList.toggle("dark-mode", root.dataset["shownTheme"] === "dark");
}

new MutationObserver(dress).observe(document.documentElement, { attributeFilter: ["data-shown-theme"] });
dress();

SwaggerUI({
  dom_id: "#api",
  url: "/openapi.json",
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
});
