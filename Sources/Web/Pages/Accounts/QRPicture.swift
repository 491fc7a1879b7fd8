import CQRencode

/// A QR code (ISO/IEC 18004) as the outline of a drawing, made by libqrencode; it never leaves this server but in the page.
struct QRPicture: Hashable, Sendable {
    /// Modules of white that readers want around it (ISO/IEC 18004 §5.3.8).
    private static let quiet = 4

    /// `0 0 45 45`
    let viewBox: String
    /// What is dark, as a path of SVG.
    let path: String

    /// nil where the text is too long for one, or there is no memory.
    init?(_ text: String) {
        guard let code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1) else { return nil }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        guard let modules = code.pointee.data else { return nil }
        var path = ""
        for row in 0..<width {
            var column = 0
            while column < width {
                // The lowest bit says whether a module is dark.
                var run = 0
                while column + run < width, modules[row * width + column + run] & 1 == 1 { run += 1 }
                if run > 0 { path += "M\(column + Self.quiet) \(row + Self.quiet)h\(run)v1h-\(run)z" }
                column += run + 1
            }
        }
        let whole = width + 2 * Self.quiet
        viewBox = "0 0 \(whole) \(whole)"
        self.path = path
    }
}
