// Each module does one thing, by delegation on the document: what htmx puts into the page later works too.
import "./js/theme.js";
import "./js/frame.js";
import "./js/menus.js";
import "./js/dialogs.js";
import "./js/toasts.js";
import "./js/files.js";
import "./js/copy.js";
import "./js/selection.js";
import "./js/forms.js";
import "./js/naming.js";
import "./js/passkeys.js";
import "./js/requests.js";
