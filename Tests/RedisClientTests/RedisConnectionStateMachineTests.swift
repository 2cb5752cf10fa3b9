import Testing

@testable import RedisClient

@Suite("Redis connection state machine")
struct RedisConnectionStateMachineTests {
    typealias StateMachine = RedisConnection.StateMachine

    static let error = RedisError(code: .connectionLost, message: "cut")

    /// A machine in each state, reached by events alone.
    static func machine(in state: StateMachine.State) -> StateMachine {
        var machine = StateMachine()
        switch state {
        case .idle:
            break
        case .connecting(let failures):
            _ = machine.start()
            for _ in 0..<failures {
                _ = machine.failed(error)
                _ = machine.backedOff()
            }
        case .handshaking(let failures, let repliesLeft):
            machine = Self.machine(in: .connecting(failures: failures))
            _ = machine.connected(handshakeReplies: repliesLeft)
        case .ready(let failures):
            machine = Self.machine(in: .handshaking(failures: max(0, failures - 1), repliesLeft: 1))
            _ = machine.handshakeAnswered(refusal: nil)
            if failures == 0 { machine.lasted() }
        case .backingOff(let failures):
            machine = Self.machine(in: .connecting(failures: failures - 1))
            _ = machine.failed(error)
        case .stopped:
            _ = machine.stop()
        }
        return machine
    }

    static let states: [StateMachine.State] = [
        .idle, .connecting(failures: 2), .handshaking(failures: 2, repliesLeft: 2), .ready(failuresIfLost: 0),
        .ready(failuresIfLost: 3), .backingOff(failures: 2), .stopped,
    ]

    /// Sends one event to a machine in every state and compares what it does and where it ends.
    private func check<Action: Equatable>(
        _ event: (inout StateMachine) -> Action,
        otherwise unchanged: Action,
        expecting transitions: [StateMachine.State: (Action, StateMachine.State)],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for state in Self.states {
            var machine = Self.machine(in: state)
            #expect(machine.state == state, sourceLocation: sourceLocation)
            let (action, next) = transitions[state] ?? (unchanged, state)
            #expect(event(&machine) == action, "in \(state)", sourceLocation: sourceLocation)
            #expect(machine.state == next, "from \(state)", sourceLocation: sourceLocation)
        }
    }

    @Test("start connects once")
    func start() {
        check({ $0.start() }, otherwise: .none, expecting: [.idle: (.connect, .connecting(failures: 0))])
    }

    @Test("a socket is used where one was asked for and discarded elsewhere")
    func connected() {
        check(
            { $0.connected(handshakeReplies: 3) },
            otherwise: .discard,
            expecting: [.connecting(failures: 2): (.shakeHands, .handshaking(failures: 2, repliesLeft: 3))]
        )
    }

    @Test("an accepted answer counts in the handshake alone")
    func handshakeAccepted() {
        check(
            { $0.handshakeAnswered(refusal: nil) },
            otherwise: .none,
            expecting: [
                .handshaking(failures: 2, repliesLeft: 2): (.none, .handshaking(failures: 2, repliesLeft: 1))
            ]
        )
    }

    @Test("the last accepted answer makes the connection ready")
    func handshakeCompleted() {
        var machine = Self.machine(in: .handshaking(failures: 5, repliesLeft: 1))
        #expect(machine.handshakeAnswered(refusal: nil) == .announceReady)
        #expect(machine.state == .ready(failuresIfLost: 6))
    }

    @Test("a refused handshake is a failure")
    func handshakeRefused() {
        check(
            { $0.handshakeAnswered(refusal: Self.error) },
            otherwise: .none,
            expecting: [
                .handshaking(failures: 2, repliesLeft: 2): (
                    .backOff(failures: 3, Self.error), .backingOff(failures: 3)
                )
            ]
        )
    }

    @Test("a failure backs off longer each time, and from the start after a link that lasted")
    func failed() {
        check(
            { $0.failed(Self.error) },
            otherwise: .none,
            expecting: [
                .connecting(failures: 2): (.backOff(failures: 3, Self.error), .backingOff(failures: 3)),
                .handshaking(failures: 2, repliesLeft: 2): (
                    .backOff(failures: 3, Self.error), .backingOff(failures: 3)
                ),
                .ready(failuresIfLost: 0): (
                    .announceLossAndBackOff(failures: 0, Self.error), .backingOff(failures: 0)
                ),
                .ready(failuresIfLost: 3): (
                    .announceLossAndBackOff(failures: 3, Self.error), .backingOff(failures: 3)
                ),
            ]
        )
    }

    @Test("links that are lost as soon as they are ready back off longer each time")
    func brokenAtOnce() {
        var machine = StateMachine()
        _ = machine.start()
        for failures in 1...10 {
            _ = machine.connected(handshakeReplies: 1)
            #expect(machine.handshakeAnswered(refusal: nil) == .announceReady)
            #expect(machine.failed(Self.error) == .announceLossAndBackOff(failures: failures, Self.error))
            _ = machine.backedOff()
        }
    }

    @Test("a link that lasted leaves earlier failures behind")
    func lasted() {
        for state in Self.states {
            var machine = Self.machine(in: state)
            machine.lasted()
            let expected = state == .ready(failuresIfLost: 3) ? .ready(failuresIfLost: 0) : state
            #expect(machine.state == expected)
        }
    }

    @Test("the end of the wait leads to another attempt")
    func backedOff() {
        check(
            { $0.backedOff() },
            otherwise: .none,
            expecting: [.backingOff(failures: 2): (.connect, .connecting(failures: 2))]
        )
    }

    @Test("stop ends every state, and announces a loss only where readiness was announced")
    func stop() {
        check(
            { $0.stop() },
            otherwise: .none,
            expecting: [
                .idle: (.none, .stopped),
                .connecting(failures: 2): (.none, .stopped),
                .handshaking(failures: 2, repliesLeft: 2): (.closeSocket, .stopped),
                .ready(failuresIfLost: 0): (.closeSocketAndAnnounceLoss, .stopped),
                .ready(failuresIfLost: 3): (.closeSocketAndAnnounceLoss, .stopped),
                .backingOff(failures: 2): (.cancelTimer, .stopped),
            ]
        )
    }
}
