import CCurl
import WorkerThread

/// The owner of a libcurl multi handle, which runs many transfers on one thread and keeps the connections.
///
/// `@unchecked Sendable`: the handle never changes, and all calls come from the transport's thread, except `wakeUp`,
/// which libcurl allows from any thread. The thread holds a reference for as long as it runs.
final class CurlMulti: @unchecked Sendable {
    private static let globalResult = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

    private let handle: UnsafeMutableRawPointer

    init(maximumConnectionsPerHost: Int) throws(HTTPTransportError) {
        guard Self.globalResult == CURLE_OK, let handle = curl_multi_init() else { throw .outOfMemory }
        self.handle = handle
        try Self.check(ccurl_multi_set_long(handle, CURLMOPT_MAXCONNECTS, maximumConnectionsPerHost))
        try Self.check(curl_multi_wakeup(handle))
    }

    deinit {
        curl_multi_cleanup(handle)
    }

    func add(_ transfer: Transfer) throws(HTTPTransportError) {
        try Self.check(curl_multi_add_handle(handle, transfer.easy))
    }

    func remove(_ transfer: Transfer) {
        curl_multi_remove_handle(handle, transfer.easy)
    }

    /// Moves all transfers as far as they get without waiting.
    func perform() {
        var running: Int32 = 0
        curl_multi_perform(handle, &running)
    }

    /// The next transfer that has ended, with its result.
    func nextFinished() -> (transfer: Transfer, result: CURLcode)? {
        var remaining: Int32 = 0
        while let message = curl_multi_info_read(handle, &remaining) {
            if message.pointee.msg == CURLMSG_DONE, let transfer = Transfer.of(easy: message.pointee.easy_handle) {
                return (transfer, message.pointee.data.result)
            }
        }
        return nil
    }

    /// Waits until a transfer can go on, one of libcurl's timers is due, `wakeUp` is called or the time is over.
    func wait(atMost duration: Duration) {
        curl_multi_poll(handle, nil, 0, Int32(clamping: duration.wholeMilliseconds), nil)
    }

    /// Ends the current or else the next `wait`. From any thread.
    func wakeUp() {
        curl_multi_wakeup(handle)
    }

    private static func check(_ code: CURLMcode) throws(HTTPTransportError) {
        guard code == CURLM_OK else {
            throw HTTPTransportError(
                code: .other,
                message: String(cString: curl_multi_strerror(code)),
                mayHaveReachedServer: false
            )
        }
    }
}
