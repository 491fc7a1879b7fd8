import NIOCore

/// The wire end of one connection: frames in, and PDUs out, gathered so that one event-loop tick is one write.
///
/// Belongs to a channel handler and is touched on its event loop only.
struct PDUPipe {
    /// Cuts what arrives into PDUs; throws where the stream cannot be followed any further.
    let frames: NIOSingleStepByteToMessageProcessor<PDUFrameDecoder>
    private var output = ByteBuffer()
    private var isFlushScheduled = false

    init(maximumPDUSize: Int) {
        frames = NIOSingleStepByteToMessageProcessor(PDUFrameDecoder(maximumLength: maximumPDUSize))
    }

    /// Adds a PDU to what the next flush writes.
    mutating func append(_ pdu: PDU) throws(PDUEncodingError) {
        try PDUEncoder.encode(pdu, into: &output)
    }

    /// Whether the caller has to schedule a flush for the end of this tick: true once a tick.
    mutating func needsFlushScheduled() -> Bool {
        guard output.readableBytes > 0, !isFlushScheduled else { return false }
        isFlushScheduled = true
        return true
    }

    /// All that has been gathered, to be written at once; nil where that is nothing.
    ///
    /// The caller writes it, and not the pipe: a write that fails ends the channel within the same call, and the handler
    /// then comes back to the pipe.
    mutating func take(_ allocator: ByteBufferAllocator) -> ByteBuffer? {
        isFlushScheduled = false
        guard output.readableBytes > 0 else { return nil }
        let ready = output
        output = allocator.buffer(capacity: min(max(ready.readableBytes, 256), 16_384))
        return ready
    }
}
