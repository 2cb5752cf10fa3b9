/// A time in UTC as C's `ctime` writes it, which is how nmap does: `Mon Nov 23 07:23:45 2026`.
struct CalendarTime: CustomStringConvertible {
    /// Times before 1970 count as its first second.
    let secondsSince1970: Int

    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    var description: String {
        let (days, seconds) = max(0, secondsSince1970).quotientAndRemainder(dividingBy: 86_400)
        let (year, month, day) = Self.date(daysSince1970: days)
        let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { Self.padded($0, with: "0") }
        return [
            Self.weekdays[days % 7], Self.months[month - 1], Self.padded(day, with: " "),
            clock.joined(separator: ":"), "\(year)",
        ].joined(separator: " ")
    }

    /// The Gregorian date, by Howard Hinnant's `civil_from_days` ("chrono-Compatible Low-Level Date Algorithms"): years
    /// begin in March there, and eras of 400 of them are all alike.
    private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = (days + 719_468).quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    private static func padded(_ number: Int, with filler: String) -> String {
        number < 10 ? filler + "\(number)" : "\(number)"
    }
}
