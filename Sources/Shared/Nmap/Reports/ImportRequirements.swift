/// What ScanLedger's importer takes for granted in a report.
///
/// It answers 500 for a whole report when one element in it lacks one of these attributes or holds a word where it
/// reads a number. Checking each host as it comes in keeps a poisoned one from ever joining a batch of 200.
enum ImportRequirements {
    fileprivate struct Requirement {
        /// Attributes that must be there.
        var texts: [String] = []
        /// Attributes that must be there, as numbers.
        var numbers: [String] = []
        /// Attributes that must be numbers if they are there.
        var optionalNumbers: [String] = []
    }

    private static let requirements: [String: Requirement] = [
        "host": Requirement(numbers: ["starttime", "endtime"]),
        "status": Requirement(texts: ["state", "reason"], numbers: ["reason_ttl"]),
        "address": Requirement(texts: ["addr", "addrtype"]),
        "extraports": Requirement(texts: ["state"], numbers: ["count"]),
        "extrareasons": Requirement(texts: ["reason"], numbers: ["count"]),
        "port": Requirement(texts: ["protocol"], numbers: ["portid"]),
        "state": Requirement(texts: ["state", "reason"], numbers: ["reason_ttl"]),
        "service": Requirement(optionalNumbers: ["conf"]),
        "script": Requirement(texts: ["id", "output"]),
        "portused": Requirement(texts: ["state", "proto"], numbers: ["portid"]),
        "osmatch": Requirement(texts: ["name"], numbers: ["accuracy"], optionalNumbers: ["line"]),
        "osclass": Requirement(optionalNumbers: ["accuracy"]),
        "uptime": Requirement(texts: ["lastboot"], numbers: ["seconds"]),
    ]

    /// Refuses `element` if it, or anything inside it, is not what the importer expects.
    static func check(_ element: XMLNode) throws(HostileXMLError) {
        if let requirement = requirements[element.name], !element.meets(requirement) {
            throw HostileXMLError(
                code: .unexpectedContent,
                message: "an element <\(element.name)> that ScanLedger cannot import"
            )
        }
        for child in element.children {
            try check(child)
        }
    }
}

extension XMLNode {
    fileprivate func meets(_ requirement: ImportRequirements.Requirement) -> Bool {
        requirement.texts.allSatisfy { self[$0] != nil }
            && requirement.numbers.allSatisfy { isNumber(self[$0]) }
            && requirement.optionalNumbers.allSatisfy { self[$0] == nil || isNumber(self[$0]) }
    }

    /// Whether `value` is a number that fits into 32 bits, which is the widest that nmap writes here.
    private func isNumber(_ value: String?) -> Bool {
        guard let value, value.isASCIIDigits else { return false }
        return UInt32(value) != nil
    }
}
