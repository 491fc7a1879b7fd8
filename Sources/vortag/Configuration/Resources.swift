import Domain
import Foundation
import Web

/// Where locales, templates, styles and scripts lie.
enum Resources {
    /// `VORTAG_RESOURCES`, or `Resources` in a folder above the program, or the place of an installed package.
    static func folder() throws -> URL {
        if let path = ProcessInfo.processInfo.environment["VORTAG_RESOURCES"], !path.isEmpty {
            return try checked(URL(fileURLWithPath: path, isDirectory: true))
        }
        var folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/" {
            let candidate = folder.appendingPathComponent("Resources", isDirectory: true)
            if isOurs(candidate) { return candidate }
            folder.deleteLastPathComponent()
        }
        return try checked(URL(fileURLWithPath: "/usr/share/vortag", isDirectory: true))
    }

    static func catalogue() throws -> Catalogue {
        try Catalogue(folder: try folder().appendingPathComponent("locales"))
    }

    private static func isOurs(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appendingPathComponent("locales/de").path)
    }

    private static func checked(_ folder: URL) throws -> URL {
        guard isOurs(folder) else {
            throw SettingsProblem(
                key: "VORTAG_RESOURCES",
                advice: "set it to the folder that holds locales, templates and styles"
            )
        }
        return folder
    }
}
