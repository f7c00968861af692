// The entry of the console: pages work without it; it swaps parts, keeps them live and adds the keyboard.
import "./requests";
import "./components";
import "./viewer";
import "./live";
import "./toasts";
import "./copy";
// Before the forms: what it holds back is not being sent.
import "./passkeys";
import "./forms";
import "./commands";
import "./dropdowns";
import "./tables";
import "./shortcuts";
import "./charts";
import "./paths";
