import Synchronization

/// Bounds how many reports are under way in a replica. Each holds what it is made of, tens of megabytes for 100,000 names, for
/// as long as its caller takes to read it.
final class ReportAdmission: Sendable {
    /// How many reports there may be at a time.
    static let limit = 32
    /// How many of them may be one caller's.
    static let limitPerCaller = 4

    /// A place among the reports under way. It is given back with its last reference, so that no way out forgets it.
    final class Permit: Sendable {
        private let admission: ReportAdmission
        private let caller: CallerID

        fileprivate init(_ admission: ReportAdmission, _ caller: CallerID) {
            self.admission = admission
            self.caller = caller
        }

        deinit {
            admission.leave(caller)
        }
    }

    private let underWay = Mutex<[CallerID: Int]>([:])

    /// Admits a report; the answer's body is to hold the permit.
    ///
    /// - Throws: 429 where there are as many as there may be.
    func admit(_ caller: CallerID) throws(APIError) -> Permit {
        let refusal = underWay.withLock { underWay -> APIError? in
            guard underWay[caller, default: 0] < Self.limitPerCaller else { return .tooManyReportsOfCaller }
            guard underWay.values.reduce(0, +) < Self.limit else { return .tooManyReports }
            underWay[caller, default: 0] += 1
            return nil
        }
        if let refusal { throw refusal }
        return Permit(self, caller)
    }

    private func leave(_ caller: CallerID) {
        underWay.withLock { underWay in
            let left = underWay[caller, default: 0] - 1
            underWay[caller] = left > 0 ? left : nil
        }
    }

    /// How many reports are under way.
    var count: Int { underWay.withLock { $0.values.reduce(0, +) } }
}

extension APIError {
    fileprivate static let tooManyReportsOfCaller = tooManyRequests(
        "\(ReportAdmission.limitPerCaller) reports are on their way to you, as many as there may be; read them to their ends"
            + " first"
    )

    fileprivate static let tooManyReports = tooManyRequests(
        "\(ReportAdmission.limit) reports are on their way from this replica, as many as there may be"
    )
}
