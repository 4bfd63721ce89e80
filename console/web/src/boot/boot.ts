// The wall is a page for a television: it must not download the agent's application, so the two part here.
import "./boot.css";

if (location.pathname === "/wall") {
  void import("../wall/wall").then(m => m.start(document.getElementById("root")!));
} else {
  void import("../app/main").then(m => m.start(document.getElementById("root")!));
}
