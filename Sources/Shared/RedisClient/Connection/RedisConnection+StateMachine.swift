extension RedisConnection {
    /// The life of a connection that is opened again whenever it is lost, until it is stopped.
    ///
    /// Events go in, the one thing to do comes out; sockets and timers stay outside. At most one socket is open.
    struct StateMachine {
        /// Where the connection stands; `failures` counts failed attempts in a row. A link that is lost before it has
        /// lasted for a while was a failed attempt too: a server may accept every handshake and then refuse the work.
        enum State: Hashable {
            case idle
            case connecting(failures: Int)
            case handshaking(failures: Int, repliesLeft: Int)
            case ready(failuresIfLost: Int)
            case backingOff(failures: Int)
            case stopped
        }

        /// What the caller must do after an event.
        enum Action: Hashable {
            case none
            /// Open a socket.
            case connect
            /// Tell the user that commands may be sent.
            case announceReady
            /// Close the socket, if any, and wait before the next attempt.
            case backOff(failures: Int, RedisError)
            /// Close the socket, tell the user that the connection is lost, and wait before the next attempt.
            case announceLossAndBackOff(failures: Int, RedisError)
            /// Drop the timer: nothing else is going on.
            case cancelTimer
            /// Close the socket and drop the timer.
            case closeSocket
            /// Close the socket and tell the user that the connection is lost.
            case closeSocketAndAnnounceLoss
        }

        /// What the caller must do with a new socket.
        enum SocketAction: Hashable {
            /// Take it into use and send the handshake.
            case shakeHands
            /// Close it: it is not wanted any more.
            case discard
        }

        private(set) var state = State.idle

        /// The user wants a connection.
        mutating func start() -> Action {
            switch state {
            case .idle:
                state = .connecting(failures: 0)
                return .connect
            case .connecting, .handshaking, .ready, .backingOff, .stopped:
                return .none
            }
        }

        /// A socket is open; the handshake will be answered by so many replies.
        mutating func connected(handshakeReplies: Int) -> SocketAction {
            switch state {
            case .connecting(let failures):
                state = .handshaking(failures: failures, repliesLeft: handshakeReplies)
                return .shakeHands
            case .idle, .handshaking, .ready, .backingOff, .stopped:
                return .discard
            }
        }

        /// The server answered one command of the handshake, perhaps with a refusal.
        mutating func handshakeAnswered(refusal: RedisError?) -> Action {
            switch (state, refusal) {
            case (.handshaking(let failures, _), let refusal?):
                return backOff(failures: failures + 1, refusal)
            case (.handshaking(let failures, 1), nil):
                state = .ready(failuresIfLost: failures + 1)
                return .announceReady
            case (.handshaking(let failures, let repliesLeft), nil):
                state = .handshaking(failures: failures, repliesLeft: repliesLeft - 1)
                return .none
            case (.idle, _), (.connecting, _), (.ready, _), (.backingOff, _), (.stopped, _):
                return .none
            }
        }

        /// The link has been ready for as long as the longest wait between attempts.
        mutating func lasted() {
            switch state {
            case .ready: state = .ready(failuresIfLost: 0)
            case .idle, .connecting, .handshaking, .backingOff, .stopped: break
            }
        }

        /// The socket could not be opened, was closed, failed, took too long to shake hands, or is of no more use.
        mutating func failed(_ error: RedisError) -> Action {
            switch state {
            case .connecting(let failures), .handshaking(let failures, _):
                return backOff(failures: failures + 1, error)
            case .ready(let failures):
                state = .backingOff(failures: failures)
                return .announceLossAndBackOff(failures: failures, error)
            case .idle, .backingOff, .stopped:
                return .none
            }
        }

        /// The wait before the next attempt is over.
        mutating func backedOff() -> Action {
            switch state {
            case .backingOff(let failures):
                state = .connecting(failures: failures)
                return .connect
            case .idle, .connecting, .handshaking, .ready, .stopped:
                return .none
            }
        }

        /// The user wants no connection any more.
        mutating func stop() -> Action {
            defer { state = .stopped }
            switch state {
            case .idle, .connecting, .stopped: return .none
            case .handshaking: return .closeSocket
            case .ready: return .closeSocketAndAnnounceLoss
            case .backingOff: return .cancelTimer
            }
        }

        private mutating func backOff(failures: Int, _ error: RedisError) -> Action {
            state = .backingOff(failures: failures)
            return .backOff(failures: failures, error)
        }
    }
}
