/// Reads the members of one JSON object, and reports what is wrong with each under its place.
///
/// Every method returns nil for a member that is wrong, and for one that is not there or null where it need not be.
struct ObjectReader {
    private let members: [String: JSONValue]
    private let location: [ValidationIssue.Step]
    private let issues: IssueCollector

    /// Takes an object, and reports members that it should not have.
    ///
    /// - Returns: nil where the value is not an object.
    init?(_ value: JSONValue, at location: [ValidationIssue.Step], fields: [String], issues: IssueCollector) {
        guard case .object(let members) = value else {
            issues.add(
                "model_attributes_type",
                at: location,
                "Input should be a valid dictionary or object to extract fields from",
                input: value
            )
            return nil
        }
        self.members = members
        self.location = location
        self.issues = issues
        for name in members.keys.sorted() where !fields.contains(name) {
            let shown = String(name.unicodeScalars.prefix(64))
            issues.add(
                "extra_forbidden",
                at: location + [.name(shown)],
                "Extra inputs are not permitted; the nearest known field is "
                    + "'\(Spelling.nearest(to: shown, among: fields))'",
                input: members[name] ?? .null
            )
        }
    }

    /// The place of a member.
    func place(of name: String) -> [ValidationIssue.Step] {
        location + [.name(name)]
    }

    /// A member as it is.
    func member(_ name: String, isRequired: Bool = false) -> JSONValue? {
        switch members[name] {
        case nil:
            if isRequired { issues.add("missing", at: place(of: name), "Field required") }
            return nil
        case .null: return isRequired ? .null : nil
        case .some(let value): return value
        }
    }

    /// A whole number within bounds; 60.0 is one too, as for JSON Schema and the original.
    func integer(_ name: String, in bounds: ClosedRange<Int>, isRequired: Bool = false) -> Int? {
        guard let value = member(name, isRequired: isRequired) else { return nil }
        guard let number = value.wholeNumber else {
            issues.add("int_type", at: place(of: name), "Input should be a valid integer", input: value)
            return nil
        }
        if number < bounds.lowerBound {
            let message = "Input should be greater than or equal to \(bounds.lowerBound)"
            issues.add("greater_than_equal", at: place(of: name), message, input: value)
            return nil
        }
        if number > bounds.upperBound {
            let message = "Input should be less than or equal to \(bounds.upperBound)"
            issues.add("less_than_equal", at: place(of: name), message, input: value)
            return nil
        }
        return number
    }

    /// True or false.
    func bool(_ name: String, isRequired: Bool = false) -> Bool? {
        guard let value = member(name, isRequired: isRequired) else { return nil }
        guard case .bool(let bool) = value else {
            issues.add("bool_type", at: place(of: name), "Input should be a valid boolean", input: value)
            return nil
        }
        return bool
    }

    /// One of the values of a type.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        of type: Choice.Type,
        isRequired: Bool = false
    ) -> Choice? {
        guard let value = member(name, isRequired: isRequired) else { return nil }
        if case .string(let text) = value, let choice = Choice(rawValue: text) { return choice }
        issues.add("enum", at: place(of: name), "Input should be \(Choice.alternatives)", input: value)
        return nil
    }

    /// A list of texts, each of which has to pass a check that throws what is wrong with it. A list that may be empty need
    /// not be there.
    func texts<Failure: Error>(
        _ name: String,
        count: ClosedRange<Int>,
        check: (String) throws(Failure) -> Void,
        message: (Failure) -> String
    ) -> [String]? {
        let isRequired = count.lowerBound > 0
        guard let value = member(name, isRequired: isRequired) else { return isRequired ? nil : [] }
        let place = place(of: name)
        guard case .array(let elements) = value else {
            issues.add("list_type", at: place, "Input should be a valid list", input: value)
            return nil
        }
        guard elements.count >= count.lowerBound else {
            issues.add("too_short", at: place, "List should have at least 1 item, not 0", input: value)
            return nil
        }
        guard elements.count <= count.upperBound else {
            let message = "List should have at most \(count.upperBound) items, not \(elements.count)"
            issues.add("too_long", at: place, message, input: value)
            return nil
        }
        var texts: [String] = []
        texts.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() where !issues.isFull {
            guard case .string(let text) = element else {
                issues.add("string_type", at: place + [.index(index)], "Input should be a valid string", input: element)
                continue
            }
            do {
                try check(text)
                texts.append(text)
            } catch {
                let message = "Value error, \(message(error))"
                issues.add("value_error", at: place + [.index(index)], message, input: element)
            }
        }
        return texts.count == elements.count ? texts : nil
    }
}
