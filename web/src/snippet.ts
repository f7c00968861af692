// wellmet.js, for the pages of a shop; guide: docs/api/events.md.
// <script async src="https://wellmet.example/wellmet.js" data-write-key="…"></script>
// Other attributes: data-consent="required", data-page="off", data-cookie-domain, data-link-domains ("shop.example, blog.example").
import "./snippet/api";
