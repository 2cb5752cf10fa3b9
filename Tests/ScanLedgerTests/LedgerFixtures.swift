import Foundation
import HTTPTransport
import ScanModel

@testable import ScanLedger

let ownToken = "own-token-7f3a"
let callerToken = "caller-token-91bc"
let project = ProjectID(UUID(uuidString: "5db0659d-75ad-4036-b5e0-ff1d2826ffaa")!)
let projectURL = "https://ledger.test/api/projects/5db0659d-75ad-4036-b5e0-ff1d2826ffaa"
/// The project, as ScanLedger writes it.
let projectRow = #"{"project_name":"p","comment":"","id":"\#(project)","users":["admin"]}"#

func client(_ transport: ScriptedTransport) -> LedgerClient {
    LedgerClient(baseURL: "https://ledger.test/api/", token: ownToken, transport: transport)
}

/// A page of hosts 10.0.0.0 + offset, as ScanLedger writes them.
func page(_ offsets: Range<Int>) -> String {
    let hosts = offsets.map {
        #"{"ip":"10.0.\#($0 / 256).\#($0 % 256)","status":"up","os":"","hostnames":[],"ports":[]}"#
    }
    return "[" + hosts.joined(separator: ",") + "]"
}

/// The error of a call that must not succeed.
func failure(_ call: () async throws(LedgerError) -> Void) async -> LedgerError? {
    do {
        try await call()
        return nil
    } catch {
        return error
    }
}
