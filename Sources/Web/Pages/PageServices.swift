import Domain
import Foundation
import Hummingbird
import Logging
import Mustache
import Storage

/// What the pages need: the storage, the words, the templates and the clock.
struct PageServices: Sendable {
    let storage: Storage
    let catalogue: Catalogue
    let templates: MustacheLibrary
    let help: HelpLibrary
    let now: @Sendable () -> Date
    /// So many unpredictable bytes.
    let random: @Sendable (Int) -> [UInt8]
    let cookie: SessionCookie
    let brake: SignInBrake
    let clockIsSet: Bool
    let support: String
    /// Address under which the outside reaches this server, without a slash at its end; nil where nobody said.
    let publicURL: String?
    /// What only those know who speak with providers.
    let providers: ProviderJudges
    /// What only those know who speak with mail servers.
    let mailboxes: MailboxJudges
    let assetVersion: String

    func words(_ language: Language) -> Words { Words(catalogue, language) }

    /// A whole page.
    func page(
        _ template: String,
        _ body: any Sendable,
        _ frame: Frame,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        try render(template, Screen(t: TemplateTexts(words: frame.words), frame: frame, page: body, part: ""), status)
    }

    /// A part of a page that a script puts in its place.
    func fragment(
        _ part: String,
        _ body: any Sendable,
        _ visit: Visit,
        status: HTTPResponse.Status = .ok
    ) throws -> Response {
        Self.response(try html(part, body, visit), status)
    }

    /// The text of such a part.
    func html(_ part: String, _ body: any Sendable, _ visit: Visit) throws -> String {
        let frame = Frame(visit, title: "", current: .none)
        let screen = Screen(t: TemplateTexts(words: visit.words), frame: frame, page: body, part: part)
        return try text("fragment", screen)
    }

    private func render(_ template: String, _ screen: Screen, _ status: HTTPResponse.Status) throws -> Response {
        Self.response(try text(template, screen), status)
    }

    private func text(_ template: String, _ screen: Screen) throws -> String {
        guard let html = templates.render(TemplateValue.of(screen) ?? screen, withTemplate: template) else {
            throw MissingTemplate(name: template)
        }
        return html
    }

    private static func response(_ html: String, _ status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: html))
        )
    }
}

/// A template that the resources do not hold.
struct MissingTemplate: Error {
    let name: String
}

/// What every template sees.
struct Screen: Sendable {
    let t: TemplateTexts
    let frame: Frame
    let page: any Sendable
    /// The template of the part that a script asked for.
    let part: String
}

/// The templates of a folder, each under its path without the ending.
enum Templates {
    static func load(_ folder: URL) throws -> MustacheLibrary {
        var library = MustacheLibrary()
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        for path in paths where path.hasSuffix(".mustache") {
            let text = try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
            try library.register(text, named: String(path.dropLast(".mustache".count)))
        }
        return library
    }
}
