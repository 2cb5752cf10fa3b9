import RedisClient

/// The scripts, one `.lua` file each; every check-then-act on Redis is one of them.
enum Script {
    static let acceptInstallation = make("accept_installation", PackageResources.accept_installation_lua)
    static let acquireLock = make("acquire_lock", PackageResources.acquire_lock_lua)
    static let claimTasks = make("claim_tasks", PackageResources.claim_tasks_lua)
    static let commitPlan = make("commit_plan", PackageResources.commit_plan_lua)
    static let confirmTasks = make("confirm_tasks", PackageResources.confirm_tasks_lua)
    static let decideChaining = make("decide_chaining", PackageResources.decide_chaining_lua)
    static let forgetWholeTasks = make("forget_whole_tasks", PackageResources.forget_whole_tasks_lua)
    static let finishIntent = make("finish_intent", PackageResources.finish_intent_lua)
    static let keepUnconfirmed = make("keep_unconfirmed", PackageResources.keep_unconfirmed_lua)
    static let markImports = make("mark_imports", PackageResources.mark_imports_lua)
    static let noteSync = make("note_sync", PackageResources.note_sync_lua)
    static let paceScans = make("pace_scans", PackageResources.pace_scans_lua)
    static let parkTasks = make("park_tasks", PackageResources.park_tasks_lua)
    static let pauseFailing = make("pause_failing", PackageResources.pause_failing_lua)
    static let readPaused = make("read_paused", PackageResources.read_paused_lua)
    static let readyServices = make("ready_services", PackageResources.ready_services_lua)
    static let releaseLock = make("release_lock", PackageResources.release_lock_lua)
    static let renewLock = make("renew_lock", PackageResources.renew_lock_lua)
    static let requestStop = make("request_stop", PackageResources.request_stop_lua)
    static let seeWorkers = make("see_workers", PackageResources.see_workers_lua)
    static let setAside = make("set_aside", PackageResources.set_aside_lua)
    static let setPlanningState = make("set_planning_state", PackageResources.set_planning_state_lua)
    static let settleTargets = make("settle_targets", PackageResources.settle_targets_lua)
    static let startTasks = make("start_tasks", PackageResources.start_tasks_lua)
    static let stopScan = make("stop_scan", PackageResources.stop_scan_lua)
    static let submitScan = make("submit_scan", PackageResources.submit_scan_lua)
    static let tellProgress = make("tell_progress", PackageResources.tell_progress_lua)
    static let tellWorkerLost = make("tell_worker_lost", PackageResources.tell_worker_lost_lua)
    static let trackWholeTasks = make("track_whole_tasks", PackageResources.track_whole_tasks_lua)
    static let warnOfScan = make("warn_of_scan", PackageResources.warn_of_scan_lua)
    static let writeReceipt = make("write_receipt", PackageResources.write_receipt_lua)

    private static func make(_ name: String, _ body: [UInt8]) -> RedisScript {
        let parts = [PackageResources.prelude_lua, Array("local function run()\n".utf8), body, Array("end\n".utf8)]
        let source = (parts + [PackageResources.finish_lua]).joined()
        return RedisScript(name: name, source: String(decoding: source, as: UTF8.self))
    }
}
