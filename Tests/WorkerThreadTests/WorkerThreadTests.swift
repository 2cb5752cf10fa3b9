import Foundation
import Synchronization
import Testing
import WorkerThread

@Suite(.timeLimit(.minutes(1)))
struct WorkerThreadTests {
    @Test("the thread has its name, and a broken pipe does not end the process")
    func thread() async {
        let seen = Mutex<(name: String, blocksSIGPIPE: Bool)>(("", false))
        await runOnThread(
            named: "test-thread",
            onStop: {},
            {
                var mask = sigset_t()
                pthread_sigmask(SIG_BLOCK, nil, &mask)
                let blocks = sigismember(&mask, SIGPIPE) == 1
                seen.withLock { $0 = (Thread.current.name ?? "", blocks) }
            }
        )
        let (name, blocksSIGPIPE) = seen.withLock { $0 }
        #expect(name == "test-thread")
        #expect(blocksSIGPIPE)
    }

    @Test("a cancelled task stops the loop and waits for its end")
    func cancellation() async {
        let stopped = DispatchSemaphore(value: 0)
        let hasEnded = Mutex(false)
        let task = Task {
            await runOnThread(
                named: "test-thread",
                onStop: { stopped.signal() },
                {
                    stopped.wait()
                    hasEnded.withLock { $0 = true }
                }
            )
        }
        task.cancel()
        await task.value
        #expect(hasEnded.withLock { $0 })
    }
}
