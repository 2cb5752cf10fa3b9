import Foundation
import ScanModel

@testable import TaskerAPI

extension ScanProgress {
    /// The progress of a scan of which only its state matters.
    static func sample(
        _ id: ScanID,
        _ state: ScanState,
        detail: String? = nil,
        project: ProjectID = APIFixture.project
    ) -> ScanProgress {
        ScanProgress(
            id: id,
            project: project,
            state: state,
            detail: detail,
            createdAt: 0,
            endedAt: nil,
            mode: .insert,
            counts: TargetCounts(),
            summary: nil,
            phases: [:]
        )
    }
}

extension ProjectID {
    /// A project that the caller may work in as well, and whose scans must not be seen through the first one.
    static let other = ProjectID(UUID(uuidString: "0f0e9c1c-5c2e-4d56-9be2-0d4f3b7a9e11")!)
}
