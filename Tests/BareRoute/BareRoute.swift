import Hummingbird
import Logging

/// The least that a server with Hummingbird does for a request: one route with a constant answer, at the loopback port that
/// is the argument. `scripts/bench` measures it beside Tasker's API.
@main
struct BareRoute {
    static func main() async throws {
        guard let port = CommandLine.arguments.dropFirst().first.flatMap({ Int($0) }) else {
            fatalError("usage: BareRoute PORT")
        }
        var logger = Logger(label: "bare-route")
        logger.logLevel = .error
        let router = Router()
        router.get("/") { _, _ in "ok" }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            logger: logger
        )
        try await application.runService()
    }
}
