import { describe, expect, it, vi } from "vitest";
import { followNetwork, reopenWithNetwork } from "./network";

class Network extends EventTarget {
  constructor(public type: string) {
    super();
  }

  become(type: string): void {
    this.type = type;
    this.dispatchEvent(new Event("change"));
  }
}

function onPhone(type: string): { page: Window; network: Network } {
  const network = new Network(type);
  const page = Object.assign(new EventTarget(), { navigator: { connection: network }, document: new EventTarget() });
  return { page: page as unknown as Window, network };
}

describe("followNetwork", () => {
  it("test_phone_that_only_guesses_its_speed_anew_or_has_no_network_is_left_alone", () => {
    const { page, network } = onPhone("wifi");
    const act = vi.fn();
    followNetwork(act, page);
    network.become("wifi");
    network.become("none");
    expect(act).not.toHaveBeenCalled();
  });

  it("test_phone_that_goes_from_one_network_to_another_says_so", () => {
    const { page, network } = onPhone("wifi");
    const act = vi.fn();
    followNetwork(act, page);
    network.become("cellular");
    page.dispatchEvent(new Event("online"));
    expect(act.mock.calls).toEqual([["other"], ["back"]]);
  });

  it("test_page_that_stopped_following_hears_no_more", () => {
    const { page, network } = onPhone("wifi");
    const act = vi.fn();
    followNetwork(act, page)();
    network.become("cellular");
    page.dispatchEvent(new Event("online"));
    expect(act).not.toHaveBeenCalled();
  });
});

describe("reopenWithNetwork", () => {
  it("test_line_is_made_anew_on_another_network_and_asked_on_the_same", () => {
    const { page, network } = onPhone("wifi");
    const socket = { revive: vi.fn(), restart: vi.fn() };
    reopenWithNetwork(socket, page);
    network.become("cellular");
    expect([socket.restart.mock.calls.length, socket.revive.mock.calls.length]).toEqual([1, 0]);
    page.dispatchEvent(new Event("online"));
    expect([socket.restart.mock.calls.length, socket.revive.mock.calls.length]).toEqual([1, 1]);
  });
});
