/// The files of the dashboard, built into the program: a page, its style, and its modules.
enum DashboardFile: String, CaseIterable, Sendable {
    case page = "index.html"
    case style = "style.css"
    case icon = "icon.svg"
    case app = "app.js"
    case api = "api.js"
    case audit = "audit.js"
    case controls = "controls.js"
    case document = "dom.js"
    case format = "format.js"
    case live = "live.js"
    case outcomes = "outcomes.js"
    case plan = "plan.js"
    case scanForm = "scan-form.js"
    case scanList = "scan-list.js"
    case scanView = "scan-view.js"
    case session = "session.js"
    case theme = "theme.js"
    case throughput = "throughput.js"
    case workers = "workers.js"

    /// What it holds.
    var bytes: [UInt8] {
        switch self {
        case .page: PackageResources.index_html
        case .style: PackageResources.style_css
        case .icon: PackageResources.icon_svg
        case .app: PackageResources.app_js
        case .api: PackageResources.api_js
        case .audit: PackageResources.audit_js
        case .controls: PackageResources.controls_js
        case .document: PackageResources.dom_js
        case .format: PackageResources.format_js
        case .live: PackageResources.live_js
        case .outcomes: PackageResources.outcomes_js
        case .plan: PackageResources.plan_js
        case .scanForm: PackageResources.scan_form_js
        case .scanList: PackageResources.scan_list_js
        case .scanView: PackageResources.scan_view_js
        case .session: PackageResources.session_js
        case .theme: PackageResources.theme_js
        case .throughput: PackageResources.throughput_js
        case .workers: PackageResources.workers_js
        }
    }

    /// Its type, by the ending of its name.
    var contentType: String {
        switch self {
        case .page: "text/html; charset=utf-8"
        case .style: "text/css; charset=utf-8"
        case .icon: "image/svg+xml"
        default: "text/javascript; charset=utf-8"
        }
    }
}

extension DashboardFile {
    /// The files that the page asks for.
    static let parts = allCases.filter { $0 != .page }

    /// Their names.
    static let schema = Schema.choice(parts.map(\.rawValue))
}
