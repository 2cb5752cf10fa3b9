import AddressSpace
import Compression

/// Bytes mean one address set or none, and a compressed value never more than the caller takes.
func fuzzStored(_ bytes: [UInt8]) {
    if let addresses = try? AddressSet(encoded: bytes) {
        precondition(addresses.encoded() == bytes, "a set with two encodings")
        checkPlaces(in: addresses)
    }
    let limit = 1 << 16
    if let value = try? Deflate.decompress(bytes, atMost: limit) {
        precondition(value.count <= limit, "a value over the limit")
    }
    precondition((try? Deflate.decompress(Deflate.compress(bytes), atMost: bytes.count)) == bytes, "a changed value")
}

private func checkPlaces(in addresses: AddressSet) {
    guard addresses.count > 0 else { return }
    for index in [0, addresses.count / 2, addresses.count - 1] {
        let address = addresses[index]
        precondition(addresses.contains(address), "an address that is not in its set")
        precondition(addresses.index(of: address) == index, "an address at another place")
    }
}
