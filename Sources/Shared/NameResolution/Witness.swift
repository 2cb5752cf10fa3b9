import AddressSpace

/// A name that was answered lately. Asked again while others get no answer, it shows whether the servers answer at all,
/// or only not for those.
struct Witness {
    private var known: (name: String, family: AddressFamily)?
    private var isAsked = false

    /// The question to ask, unless it is being asked or no name is known.
    mutating func question() -> Question? {
        guard !isAsked, let known else { return nil }
        isAsked = true
        return Question(lookup: nil, name: known.name, family: known.family, tries: 1)
    }

    mutating func note(_ answer: Answer) {
        if answer.question.lookup == nil {
            isAsked = false
        }
        if case .conclusive = answer.outcome {
            known = (answer.question.name, answer.question.family)
        }
    }
}
