import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import TaskerAPI

@Suite("The dashboard's files")
struct DashboardRouteTests {
    private let fixture = APIFixture()

    /// The folder that the files are built in from.
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/TaskerAPI/Dashboard/Files")

    private func text(_ path: String) async throws -> (response: Response, text: String) {
        let response = try await fixture.respond(.get, path, token: nil)
        return (response, String(decoding: try await APIFixture.blocks(of: response).joined(), as: UTF8.self))
    }

    private func path(_ file: DashboardFile) -> String {
        file == .page ? "/ui" : "/ui/\(file.rawValue)"
    }

    @Test("every file of the folder is served, as it is, with its type")
    func completeness() async throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
        #expect(Set(names) == Set(DashboardFile.allCases.map(\.rawValue)))
        for file in DashboardFile.allCases {
            let served = try await text(path(file))
            #expect(served.response.status == .ok)
            #expect(served.response.headers[.contentType] == file.contentType)
            #expect(try served.text == String(contentsOf: Self.folder.appending(path: file.rawValue), encoding: .utf8))
        }
    }

    @Test("each comes with a policy that lets through own files alone, and is not kept")
    func headers() async throws {
        for file in DashboardFile.allCases {
            let headers = try await fixture.respond(.get, path(file), token: nil).headers
            let policy = try #require(headers[.contentSecurityPolicy])
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';"))
            #expect(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'none'"))
            #expect(!policy.contains("unsafe") && !policy.contains("*"))
            #expect(headers[.xContentTypeOptions] == "nosniff" && headers[.cacheControl] == "no-store")
            #expect(headers[HTTPField.Name("Referrer-Policy")!] == "no-referrer")
        }
    }

    @Test("nothing in them is from elsewhere, and nothing makes markup or code of text")
    func innocence() async throws {
        let page = try await text("/ui").text
        #expect(!page.contains(" style=") && !page.contains("<style") && !page.contains(/\son\w+=/))
        #expect(!page.contains(/<script(?![^>]*src="\/ui\/)/))
        for file in DashboardFile.allCases {
            let text = try await text(path(file)).text
            #expect(text.matches(of: /https?:\/\/[\w.]+/).allSatisfy { $0.0 == "http://www.w3.org" }, "\(file)")
            for word in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
                #expect(!text.contains(word), "\(file) has \(word)")
            }
        }
    }

    @Test("every module that one of them imports is there, and every id that the modules look for is in the page")
    func references() async throws {
        let page = try await text("/ui").text
        let ids = Set(page.matches(of: /\sid="([\w-]+)"/).map { String($0.1) })
        #expect(page.matches(of: /\sid="/).count == ids.count, "an id stands for one element")
        for file in DashboardFile.allCases where file.rawValue.hasSuffix(".js") {
            let text = try await text(path(file)).text
            for match in text.matches(of: /from "\.\/([^"]+)"/) {
                #expect(DashboardFile(rawValue: String(match.1)) != nil, "\(file) imports \(match.1)")
            }
            for match in text.matches(of: /byID\("([\w-]+)"\)/) {
                #expect(ids.contains(String(match.1)), "\(file) looks for \(match.1)")
            }
        }
    }

    @Test("another name is not found, and other methods are told which one is")
    func refusals() async throws {
        #expect(try await fixture.send(.get, "/ui/nosuch.js", token: nil).status == 404)
        #expect(try await fixture.respond(.post, "/ui").status == .methodNotAllowed)
    }
}
