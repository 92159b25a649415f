// Entry of the browser side. Pages work without it; everything here makes them quicker or kinder.
import "./htmx";
import "./theme";
import "./toasts";
import "./popovers";
import "./selection";
import "./guards";
import "./dialogs";
import "./command";
import "./shortcuts";
import "./side";
import "./progress";
import "./copy";
import "./upload";
import "./tryit";
import { JbBoard } from "./board";
import { JbChart } from "./chart";

customElements.define("jb-board", JbBoard);
customElements.define("jb-chart", JbChart);
document.documentElement.classList.add("js");
