import Settings

/// The least that has to be set.
let required = ["scanledger_base_url": "http://scanledger:8000", "tasker_auth_token": "t0ken-of-tasker"]

func apiSettings(_ variables: [String: String]) throws(SettingsError) -> APISettings {
    try APISettings(SettingsSource(environment: required.merging(variables) { $1 }))
}

func coordinatorSettings(_ variables: [String: String]) throws(SettingsError) -> CoordinatorSettings {
    try CoordinatorSettings(SettingsSource(environment: required.merging(variables) { $1 }))
}

/// The problems that reading the settings of both processes finds.
func problems(_ variables: [String: String]) -> [SettingsError.Problem] {
    var problems: [SettingsError.Problem] = []
    do throws(SettingsError) { _ = try apiSettings(variables) } catch { problems += error.problems }
    do throws(SettingsError) { _ = try coordinatorSettings(variables) } catch { problems += error.problems }
    return problems
}
