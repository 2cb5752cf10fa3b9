/// An exception as Celery's JSON backends write it: the class's name and the constructor's arguments.
struct CeleryException: Decodable {
    var type = "Exception"
    var message = ""

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        type = Self.shorten(try container.decode(String.self, forKey: .type))
        message = Self.shorten((try? container.decode(Argument.self, forKey: .message))?.text ?? "")
    }

    private enum CodingKeys: String, CodingKey {
        case type = "exc_type"
        case message = "exc_message"
    }

    private static func shorten(_ text: String) -> String {
        String(text.prefix(TaskResult.maximumMessageLength))
    }

    /// Anything an exception was raised with, as text. Celery writes a list of arguments, or one text.
    private struct Argument: Decodable {
        let text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            text =
                if let text = try? container.decode(String.self) {
                    text
                } else if let number = try? container.decode(Int.self) {
                    String(number)
                } else if let number = try? container.decode(Double.self) {
                    String(number)
                } else if let flag = try? container.decode(Bool.self) {
                    String(flag)
                } else if let arguments = try? container.decode([Argument].self) {
                    arguments.map(\.text).filter { !$0.isEmpty }.joined(separator: ", ")
                } else {
                    ""
                }
        }
    }
}
