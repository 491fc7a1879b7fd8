extension Visit {
    /// A word that tells one opening of a form from all others, so that the form is taken once; the one that came with
    /// the form where it is shown again.
    func once(_ sent: String) -> String {
        guard sent.isEmpty else { return sent }
        return pages.random(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
