import Foundation
import ServiceLifecycle

/// Runs the loop of a blocking C library on a thread of its own, off Swift's cooperative pool, and returns when the
/// loop has ended.
///
/// Graceful shutdown and cancellation each call `onStop`, possibly before `body` has started; it has to make `body`
/// return. The thread blocks `SIGPIPE`.
package func runOnThread(
    named name: String,
    onStop: @escaping @Sendable () -> Void,
    _ body: @escaping @Sendable () -> Void
) async {
    await withTaskCancellationOrGracefulShutdownHandler {
        await withCheckedContinuation { continuation in
            let isStarted = DispatchSemaphore(value: 0)
            let thread = Thread {
                // Set from within, and after `start()`: on Linux a name given before does not reach the kernel, which
                // cuts it at 15.
                isStarted.wait()
                Thread.current.name = name
                blockBrokenPipeSignal()
                body()
                continuation.resume()
            }
            thread.start()
            isStarted.signal()
        }
    } onCancelOrGracefulShutdown: {
        onStop()
    }
}

/// C libraries write to sockets without `MSG_NOSIGNAL`. On a thread that blocks the signal, writing to a closed
/// connection is an error like any other.
private func blockBrokenPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
}
