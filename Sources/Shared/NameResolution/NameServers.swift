import CAres
import Glibc
import WorkerThread

/// The name servers that are asked, with a channel for each.
///
/// `@unchecked Sendable`: made in `NameResolver.init`, then used by the resolver's thread alone until that ends. The
/// channels are destroyed with the last reference, which the thread holds while it runs.
final class NameServers: @unchecked Sendable {
    private let channels: [AresChannel]
    private let inbox = AnswerInbox()

    init(_ configuration: NameResolverConfiguration) throws(NameResolverError) {
        let timeout = configuration.timeout
        let system = try AresChannel(server: nil, timeout: timeout)
        channels = try system.withServers(orThoseOf: configuration.servers) { servers throws(NameResolverError) in
            var channels: [AresChannel] = []
            for server in list(servers, next: \.next) {
                channels.append(try AresChannel(server: server, timeout: timeout))
            }
            return channels
        }
        guard !channels.isEmpty else {
            throw NameResolverError(code: .invalidServers, message: "there is no name server")
        }
    }

    var count: Int { channels.count }

    /// Whether `takeAnswers()` would have some.
    var hasAnswers: Bool { !inbox.isEmpty }

    /// The answers since the last call.
    func takeAnswers() -> [Answer] {
        inbox.takeAll()
    }

    /// Asks the server at a place in the list, once. The answer is among `takeAnswers()` sooner or later.
    func ask(_ server: Int, _ question: Question, at now: ContinuousClock.Instant) {
        let context = AnswerContext(inbox: inbox, question: question, server: server, askedAt: now)
        channels[server].ask(question.name, family: question.family, for: context)
    }

    /// Waits for sockets, the next timeout, the wake-up or `latest`, and processes what there is.
    func wait(for wakeUp: borrowing WakeUp, until latest: ContinuousClock.Instant?) {
        let now = ContinuousClock.now
        let moments = channels.map { $0.nextTimeout(at: now) } + [latest]
        let pause = moments.compactMap(\.self).min().map { Int32(clamping: (max($0, now) - now).wholeMilliseconds) }
        var descriptors = [pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0)]
        descriptors += channels.flatMap(\.pollDescriptors)
        guard poll(&descriptors, nfds_t(descriptors.count), pause ?? -1) >= 0 else { return }
        if descriptors.removeFirst().revents != 0 {
            wakeUp.clear()
        }
        let ready = descriptors.filter { $0.revents != 0 }
        let later = ContinuousClock.now
        for channel in channels {
            channel.process(ready, at: later)
        }
    }

    /// Ends all questions.
    func cancelAll() {
        for channel in channels {
            channel.cancelAll()
        }
    }
}
