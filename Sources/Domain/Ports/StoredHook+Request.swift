extension StoredHook {
    /// A call as it is kept. The parameters of one that has no body stand in its address: they are kept as the form that
    /// they are (WHATWG URL §5).
    public init(_ request: HookRequest) {
        let address = request.url.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
        guard request.body.isEmpty, let mark = address.firstIndex(of: "?") else {
            self.init(
                contentType: request.headers["content-type"] ?? "",
                body: request.body,
                receivedAt: request.receivedAt
            )
            return
        }
        self.init(
            contentType: "application/x-www-form-urlencoded",
            body: Array(address[address.index(after: mark)...].utf8),
            receivedAt: request.receivedAt
        )
    }
}
