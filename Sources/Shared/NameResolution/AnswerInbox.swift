import CAres

/// Where callbacks leave answers, so that nothing else happens while c-ares is in the middle of its work.
final class AnswerInbox {
    private var answers: [Answer] = []

    var isEmpty: Bool { answers.isEmpty }

    func takeAll() -> [Answer] {
        defer { answers = [] }
        return answers
    }

    fileprivate func append(_ answer: Answer) {
        answers.append(answer)
    }
}

/// The context of one call of `ares_getaddrinfo`, retained from the call to its one callback.
final class AnswerContext {
    private let inbox: AnswerInbox
    private let question: Question
    private let server: Int
    private let askedAt: ContinuousClock.Instant

    init(inbox: AnswerInbox, question: Question, server: Int, askedAt: ContinuousClock.Instant) {
        self.inbox = inbox
        self.question = question
        self.server = server
        self.askedAt = askedAt
    }

    fileprivate func receive(_ outcome: Answer.Outcome) {
        inbox.append(Answer(question: question, server: server, askedAt: askedAt, outcome: outcome))
    }
}

/// The callback of `ares_getaddrinfo`.
let receiveAnswer: ares_addrinfo_callback = { context, status, _, result in
    defer { ares_freeaddrinfo(result) }
    guard let context else { return }
    Unmanaged<AnswerContext>.fromOpaque(context).takeRetainedValue()
        .receive(Answer.Outcome(status: status, result: result?.pointee))
}
