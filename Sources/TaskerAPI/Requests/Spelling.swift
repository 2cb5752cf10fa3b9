/// Finds what somebody may have meant.
enum Spelling {
    /// The candidate that takes the fewest edits to reach; the first of them where several do.
    static func nearest(to word: String, among candidates: [String]) -> String {
        candidates.min { distance(word, $0) < distance(word, $1) } ?? ""
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours that lead from one word to the other,
    /// no part being edited twice (optimal string alignment, after Damerau 1964).
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.unicodeScalars)
        let right = Array(right.unicodeScalars)
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in left.indices {
            var current = [i + 1]
            current.reserveCapacity(right.count + 1)
            for j in right.indices {
                var edits = min(last[j + 1] + 1, current[j] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    edits = min(edits, beforeLast[j - 1] + 1)
                }
                current.append(edits)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
