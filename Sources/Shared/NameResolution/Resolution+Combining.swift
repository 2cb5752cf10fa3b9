import AddressSpace

extension Resolution {
    /// One result of the answers for several families. Addresses of one family are enough, since many servers never
    /// answer for the other; but without any, silence for one family means that nothing is known.
    init(combining answers: [Resolution]) {
        var addresses: [IPAddress] = []
        var seen: Set<IPAddress> = []
        var failure = Resolution.notFound(reason: "no address family was asked for")
        for answer in answers {
            switch (answer, failure) {
            case (.addresses(let more), _):
                addresses += more.filter { seen.insert($0).inserted }
            case (.unavailable, _), (.unanswered, .notFound), (.unanswered, .unanswered), (.notFound, .notFound):
                failure = answer
            case (.unanswered, _), (.notFound, _):
                break
            }
        }
        self = addresses.isEmpty ? failure : .addresses(addresses)
    }
}
