/// Why bytes are not JSON.
struct JSONSyntaxError: Error, Hashable {
    /// The first byte at fault.
    let offset: Int
    /// What is wrong there, in words.
    let message: String
}
