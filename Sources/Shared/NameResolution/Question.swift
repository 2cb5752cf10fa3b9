import AddressSpace
import CAres

/// The context of one call of `ares_getaddrinfo`, retained from the call to its one callback.
final class Question {
    fileprivate let inbox: AnswerInbox
    fileprivate let key: LookupKey
    fileprivate let family: AddressFamily

    init(inbox: AnswerInbox, key: LookupKey, family: AddressFamily) {
        self.inbox = inbox
        self.key = key
        self.family = family
    }
}

/// What became of a question.
struct Answer {
    let key: LookupKey
    let family: AddressFamily
    let resolution: Resolution
}

/// Where callbacks leave answers, so that nothing else happens while c-ares is in the middle of its work.
final class AnswerInbox {
    private var answers: [Answer] = []

    func takeAll() -> [Answer] {
        defer { answers.removeAll(keepingCapacity: true) }
        return answers
    }

    fileprivate func append(_ answer: Answer) {
        answers.append(answer)
    }
}

/// The callback of `ares_getaddrinfo`.
let receiveAnswer: ares_addrinfo_callback = { context, status, _, result in
    defer { ares_freeaddrinfo(result) }
    guard let context else { return }
    let question = Unmanaged<Question>.fromOpaque(context).takeRetainedValue()
    let resolution = Resolution(status: status, nodes: result?.pointee.nodes)
    question.inbox.append(Answer(key: question.key, family: question.family, resolution: resolution))
}
