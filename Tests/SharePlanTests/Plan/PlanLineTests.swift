import SharePlan
import Testing

@Suite struct PlanLineTests {
    @Test func `Members are in the order that the format gives them`() {
        let lines = PlanSamples.lines()
        #expect(
            lines[0]
                == #"{"kind":"plan","version":1,"id":"20261124T210359Z-3f9a1c","createdAt":"2026-11-24T21:03:59Z","#
                + #""operation":"share","mode":"match","sidPrefix":"EcrShare","matrix":{"path":"matrix.csv","sha256":""#
                + String(repeating: "0", count: 64) + #"","rows":2}}"#)
        #expect(
            lines[1]
                == #"{"kind":"change","repository":{"account":"111122223333","region":"us-east-1","name":"base/go"},"#
                + #""action":"create","before":null,"after":"{\"é\":\"\\n\"}","size":10,"grants":{"added":["#
                + #"{"consumer":"444455556666","access":"lambda-only","consumerRegion":"eu-west-1","#
                + #""reason":"TICKET-42 \"now\"","expires":"2027-01-31"},"#
                + #"{"consumer":"o-a1b2c3d4e5","access":"pull","consumerRegion":null,"reason":null,"expires":null}],"removed":[]},"#
                + #""access":{"gained":[{"consumer":"o-a1b2c3d4e5","access":"pull","consumerRegion":null,"through":[],"doubts":[]},"#
                + #"{"consumer":"444455556666","access":"lambda-only","consumerRegion":"eu-west-1","through":[],"doubts":[]}],"#
                + #""lost":[],"kept":[]},"#
                + #""warnings":["first","second"]}"#)
        #expect(
            lines[2]
                == #"{"kind":"unchanged","repository":{"account":"111122223333","region":"us-east-1","name":"base/java"}}"#
        )
        #expect(lines[3].hasSuffix(#""name":"base/node"},"warnings":["look"]}"#))
        #expect(lines[4].hasSuffix(#"},"code":"AccessDeniedException","message":"no \\ way"}"#))
        #expect(
            lines[6]
                == #"{"kind":"problem","registry":{"account":"111122223333","region":"us-west-2"},"code":"listing","#
                + #""message":"request id 1"}"#)
        #expect(
            lines[8].hasPrefix(
                #"{"kind":"summary","repositories":6,"create":1,"update":1,"delete":1,"unchanged":2,"problems":2,"#
                    + #""grantsAdded":2,"grantsRemoved":1,"digest":""#))
    }

    @Test func `A rollback names the run that it undoes and has no matrix`() throws {
        let header = PlanHeader(
            id: "20261124T210359Z-3f9a1c", createdAt: "2026-11-24T21:03:59Z", operation: .rollback, mode: .add,
            sidPrefix: "EcrShare", matrix: nil, undoes: "20261123T210359Z-000000",
            journalSize: 7, newestRun: "20261123T220359Z-000000")
        let lines = PlanSamples.lines(header, [])
        #expect(
            lines[0].hasSuffix(
                #","matrix":null,"undoes":"20261123T210359Z-000000","journalSize":7,"#
                    + #""newestRun":"20261123T220359Z-000000"}"#))
        #expect(try PlanSamples.read(lines).0.header == header)
    }

    @Test func `A plan comes back as it was`() throws {
        let (whole, entries) = try PlanSamples.read(PlanSamples.lines())
        #expect(entries == PlanSamples.entries)
        #expect(whole.header == PlanSamples.header)
        #expect(whole.summary == PlanSummary(PlanSamples.entries))
    }

    @Test func `The digest depends neither on when a plan was made nor on the messages of its problems`() throws {
        var other = PlanSamples.lines()
        other[0].replace("20261124T210359Z-3f9a1c", with: "20270101T000000Z-000000")
        other[4].replace("no \\\\ way", with: "AWS says no (request id 7)")
        other[6].replace("request id 1", with: "request id 2")
        #expect(try PlanSamples.read(other).0.digest == PlanSamples.read(PlanSamples.lines()).0.digest)
    }

    @Test func `The digest begins with the header's operation, mode and prefix`() {
        // printf '{"operation":"share","mode":"match","sidPrefix":"EcrShare"}\n' | sha256sum
        #expect(
            PlanDigest(PlanSamples.header).hexadecimal
                == "cac3206f5354dc812f1eddb1d032cea73d2efa73b52eaa8f4ae74f33c0469146")
    }
}
