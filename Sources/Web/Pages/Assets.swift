import Crypto
import Foundation
import Hummingbird

/// Styles, scripts and icons, read once at the start: a path that names none of them leads nowhere. The style sheets are
/// one for the browser, `styles/vortag.css`.
struct Assets: Sendable {
    struct Asset: Sendable {
        let bytes: ByteBuffer
        let type: String
        let tag: String
    }

    private let assets: [String: Asset]
    /// Changes when any of them changes; it stands in their addresses.
    let version: String

    /// The style sheets that come before all others, and after them.
    private static let firstStyles = ["tokens.css", "base.css", "frame.css", "cards.css", "parts.css"]
    private static let lastStyles = ["narrow.css", "print.css"]

    /// Reads the folders `styles`, `scripts` and `icons`.
    init(_ resources: URL) throws {
        var files = ["styles/vortag.css": try Self.styles(resources.appendingPathComponent("styles"))]
        for folder in ["icons", "scripts"] {
            let root = resources.appendingPathComponent(folder)
            for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) where Self.type(of: path) != nil
            {
                files[folder + "/" + path] = try Data(contentsOf: root.appendingPathComponent(path))
            }
        }
        var all = SHA256()
        var assets: [String: Asset] = [:]
        for (path, data) in files.sorted(by: { $0.key < $1.key }) {
            all.update(data: data)
            let tag = "\"" + Self.hex(SHA256.hash(data: data).prefix(12)) + "\""
            assets[path] = Asset(bytes: ByteBuffer(bytes: data), type: Self.type(of: path) ?? "", tag: tag)
        }
        self.assets = assets
        version = Self.hex(all.finalize().prefix(6))
    }

    /// All style sheets as one: the tokens and what every page has, then by name, then what changes them.
    private static func styles(_ folder: URL) throws -> Data {
        let found = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".css") }
        let others = Set(found).subtracting(firstStyles + lastStyles).sorted()
        return try (firstStyles + others + lastStyles).reduce(into: Data()) { all, name in
            all += try Data(contentsOf: folder.appendingPathComponent(name))
        }
    }

    /// RFC 9110 §13.1.2 and §15.4.5: unchanged files are not sent again.
    func response(to request: Request, _ path: String) throws -> Response {
        guard let asset = assets[path] else { throw HTTPError(.notFound) }
        let isVersioned = request.uri.query?.hasPrefix("v=" + version) == true
        let headers: HTTPFields = [
            .contentType: asset.type, .eTag: asset.tag,
            .cacheControl: isVersioned ? "public, max-age=31536000, immutable" : "no-cache",
        ]
        let known = request.headers[values: .ifNoneMatch].flatMap { $0.split(separator: ",") }
        if known.contains(where: { $0.trimmingCharacters(in: .whitespaces) == asset.tag }) {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: asset.bytes))
    }

    private static func type(of path: String) -> String? {
        switch path.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "svg": "image/svg+xml"
        case "webmanifest": "application/manifest+json"
        default: nil
        }
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
