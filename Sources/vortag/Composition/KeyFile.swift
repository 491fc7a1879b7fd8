import Foundation
import Storage

/// The file with the key that provider secrets are encrypted with: 32 random bytes as hexadecimal digits, for the
/// owner's eyes only (mode 0600).
struct KeyFile: Sendable {
    let path: String

    /// - Parameters:
    ///   - makingIt: makes the file where it is missing.
    ///   - isNeeded: the database holds secrets; without the file nothing can be sent.
    /// - Returns: nil where there is no file and none is needed.
    func secretBox(makingIt: Bool, isNeeded: Bool) throws -> SecretBox? {
        if let text = try? String(contentsOfFile: path, encoding: .utf8) {
            guard let key = Self.bytes(text) else {
                throw SettingsProblem(
                    key: "VORTAG_SECRET_KEY_FILE",
                    advice: "\(path) is no key file: it must hold 64 hexadecimal digits"
                )
            }
            return SecretBox(key: key)
        }
        if FileManager.default.fileExists(atPath: path) {
            throw SettingsProblem(key: "VORTAG_SECRET_KEY_FILE", advice: "\(path) cannot be read")
        }
        if isNeeded {
            throw SettingsProblem(
                key: "VORTAG_SECRET_KEY_FILE",
                advice: "\(path) is missing, and the database holds secrets that were encrypted with it"
            )
        }
        return makingIt ? SecretBox(key: try make()) : nil
    }

    /// Of several processes that begin at once, all take the key of the one whose file came first.
    private func make() throws -> [UInt8] {
        let files = FileManager.default
        try? files.createDirectory(
            at: URL(fileURLWithPath: path).deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        let draft = path + "." + Entropy.hexadecimal(8)
        defer { try? files.removeItem(atPath: draft) }
        let text = Data((Entropy.hexadecimal(32) + "\n").utf8)
        let isWritten = files.createFile(atPath: draft, contents: text, attributes: [.posixPermissions: 0o600])
        // A link comes whole, and not in the place of another; where the file system knows none, the name is taken over.
        if isWritten, (try? files.linkItem(atPath: draft, toPath: path)) == nil, !files.fileExists(atPath: path) {
            try? files.moveItem(atPath: draft, toPath: path)
        }
        guard let made = try? String(contentsOfFile: path, encoding: .utf8), let key = Self.bytes(made) else {
            throw SettingsProblem(key: "VORTAG_SECRET_KEY_FILE", advice: "\(path) cannot be written")
        }
        return key
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8).filter { !($0 == 0x0A || $0 == 0x0D || $0 == 0x20) }
        guard digits.count == 64 else { return nil }
        let bytes = stride(from: 0, to: 64, by: 2).compactMap { index in
            UInt8(String(decoding: digits[index..<index + 2], as: UTF8.self), radix: 16)
        }
        return bytes.count == 32 ? bytes : nil
    }
}
