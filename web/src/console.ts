// The entry of the console: pages work without it; it swaps parts, keeps them live and adds the keyboard.
import "./requests";
import "./components";
import "./viewer";
import "./live";
import "./toasts";
import "./copy";
import "./forms";
import "./commands";
import "./dropdowns";
import "./tables";
import "./shortcuts";
import "./charts";
